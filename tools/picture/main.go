// Command picture cuts a rectangle out of a screenshot and writes it with few colours, so that the file is small:
//
//	go -C tools run ./picture FROM.png TO.png X Y WIDTH HEIGHT
package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"slices"
	"strconv"
)

// colors is the number of colours in a picture: the most frequent ones.
const colors = 30

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 6 {
		return fmt.Errorf("want FROM.png TO.png X Y WIDTH HEIGHT")
	}
	var at [4]int
	for i := range at {
		v, err := strconv.Atoi(args[2+i])
		if err != nil {
			return err
		}
		at[i] = v
	}
	f, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer f.Close()
	from, err := png.Decode(f)
	if err != nil {
		return err
	}
	area := image.Rect(at[0], at[1], at[0]+at[2], at[1]+at[3])
	if !area.In(from.Bounds()) {
		return fmt.Errorf("%v is not within the picture, %v", area, from.Bounds())
	}
	out := image.NewPaletted(image.Rect(0, 0, at[2], at[3]), palette(from, area))
	draw.Draw(out, out.Bounds(), from, area.Min, draw.Src)
	to, err := os.Create(args[1])
	if err != nil {
		return err
	}
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(to, out); err != nil {
		return err
	}
	return to.Close()
}

// palette holds the most frequent colours of an area.
func palette(from image.Image, area image.Rectangle) color.Palette {
	count := map[color.RGBA]int{}
	var all []color.RGBA
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := color.RGBAModel.Convert(from.At(x, y)).(color.RGBA)
			if count[c]++; count[c] == 1 {
				all = append(all, c)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b color.RGBA) int { return count[b] - count[a] })
	var p color.Palette
	for _, c := range all[:min(len(all), colors)] {
		p = append(p, c)
	}
	return p
}
