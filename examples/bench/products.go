package main

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

//go:embed peers/openblas.c.txt
var productsSource string

// product is a matrix product of a dense layer's forward or backward pass.
type product struct {
	transA, transB int
	m, n, k        int
}

var products = []product{
	{0, 0, 128, 1024, 1024}, {0, 1, 128, 1024, 1024}, {1, 0, 1024, 1024, 128},
	{0, 0, 128, 256, 256}, {0, 1, 128, 256, 256}, {1, 0, 256, 256, 128},
	{0, 0, 64, 64, 64}, {0, 0, 128, 1024, 1644}, {1, 0, 1644, 1024, 128},
	{0, 0, 128, 12, 1024}, {0, 1, 128, 1024, 12}, {0, 0, 1024, 1024, 1024},
}

func (p product) String() string {
	return fmt.Sprintf("%c%c %d x %d x %d", "NT"[p.transA], "NT"[p.transB], p.m, p.n, p.k)
}

// gflops is the speed at which the product takes the given time.
func (p product) gflops(seconds float64) float64 {
	return 2 * float64(p.m) * float64(p.n) * float64(p.k) / seconds * 1e-9
}

// benchProducts measures the matrix products beside OpenBLAS, where a C compiler finds it.
func benchProducts(ctx context.Context, o options, stdout, stderr io.Writer) error {
	peer, err := startOpenBLAS(ctx)
	if err != nil {
		fmt.Fprintf(stderr, "bench: without OpenBLAS: %v\n", err)
	} else {
		defer peer.close()
	}
	workers := kernel.NewWorkers(o.threads)
	defer workers.Close()
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintf(w, "| product\t| Selfnorm (%s), GFLOP/s\t| of the peak\t| OpenBLAS, GFLOP/s\t| ratio\t|\n| ---\t| ---\t| ---\t| ---\t| ---\t|\n", kernel.CPU())
	logs, most, cases := 0.0, peak(workers, o.threads), 0
	for _, p := range products {
		if !strings.Contains(p.String(), o.only) {
			continue
		}
		cases++
		var ours, theirs, ratios []float64
		for range o.pairs {
			settle()
			seconds := p.run(workers)
			ours = append(ours, p.gflops(seconds))
			if peer == nil {
				continue
			}
			other, err := peer.run(p, o.threads)
			if err != nil {
				return err
			}
			theirs, ratios = append(theirs, p.gflops(other)), append(ratios, other/seconds)
		}
		if peer == nil {
			fmt.Fprintf(w, "| %v\t| %.0f\t| %.2f\t| -\t| -\t|\n", p, median(ours), median(ours)/most)
			continue
		}
		logs += math.Log(median(ratios))
		fmt.Fprintf(w, "| %v\t| %.0f\t| %.2f\t| %.0f\t| %.2f\t|\n", p, median(ours), median(ours)/most, median(theirs), median(ratios))
	}
	if peer != nil && cases > 0 {
		fmt.Fprintf(w, "| geometric mean\t|\t|\t|\t| %.2f\t|\n", math.Exp(logs/float64(cases)))
	}
	fmt.Fprintf(w, "\n%s, %d threads, medians of %d pairs, each the best of at least 40 runs in 0.3 s. Peak: %.0f GFLOP/s, of multiply-adds in registers alone.\n",
		runtime.GOARCH, o.threads, o.pairs, most)
	return w.Flush()
}

// run returns the least time of one product, in seconds.
func (p product) run(workers *kernel.Workers) float64 {
	r := rand.New(rand.NewPCG(1, 1))
	random := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = r.Float32() - 0.5
		}
		return x
	}
	mul := kernel.MatMul[float32]{
		M: p.m, N: p.n, K: p.k, TransA: p.transA == 1, TransB: p.transB == 1,
		A: random(p.m * p.k), B: random(p.k * p.n), C: random(p.m * p.n),
	}
	inner := 1 + int(2e7/(2*float64(p.m)*float64(p.n)*float64(p.k)))
	best := math.Inf(1)
	// A system may take tens of milliseconds to give an awakened thread a core of its own.
	start := time.Now()
	for run := 0; run < 40 || time.Since(start) < patience; run++ {
		begin := time.Now()
		for range inner {
			mul.Run(workers)
		}
		best = min(best, time.Since(begin).Seconds()/float64(inner))
	}
	return best
}

// openBLAS is a process that measures OpenBLAS.
type openBLAS struct {
	dir     string
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// startOpenBLAS compiles the C program and starts it.
func startOpenBLAS(ctx context.Context) (p *openBLAS, err error) {
	dir, err := os.MkdirTemp("", "openblas")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	source, binary := filepath.Join(dir, "products.c"), filepath.Join(dir, "products")
	if err := os.WriteFile(source, []byte(productsSource), 0o644); err != nil {
		return nil, err
	}
	if err := exec.CommandContext(ctx, "cc", "-O2", source, "-o", binary, "-lopenblas").Run(); err != nil {
		return nil, errors.Wrap(err, "cc -lopenblas")
	}
	p = &openBLAS{dir: dir, command: exec.CommandContext(ctx, binary)}
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	return p, p.command.Start()
}

// run measures one product, in seconds.
func (p *openBLAS) run(x product, threads int) (seconds float64, err error) {
	if _, err := fmt.Fprintln(p.in, x.transA, x.transB, x.m, x.n, x.k, threads); err != nil {
		return 0, errors.Wrap(err, "OpenBLAS")
	}
	_, err = fmt.Fscan(p.out, &seconds)
	return seconds, errors.Wrap(err, "OpenBLAS")
}

// close ends the process.
func (p *openBLAS) close() {
	p.in.Close()
	_ = p.command.Wait() // how it ends does not matter any more
	os.RemoveAll(p.dir)
}
