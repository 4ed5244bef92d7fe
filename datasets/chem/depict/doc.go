// Package depict draws molecules: coordinates in the plane, and SVG with atoms coloured by numbers. Molecules have no stereochemistry here, so
// drawings show none: chains are drawn in zigzag.
package depict
