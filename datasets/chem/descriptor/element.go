package descriptor

import (
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// bondRadius is half the length of a single bond between two atoms of an element, in angstroms, by atomic number; 0
// beyond the table. The values are those that RDKit uses for van der Waals surfaces and shape indices.
var bondRadius = [element.Max + 1]float64{0,
	0.33, 0.7, 1.23, 0.9, 0.82, 0.77, 0.7, 0.66, 0.611, 0.7, 1.54, 1.36, 1.18, 0.937, 0.89, 1.04, 0.997, 1.74,
	2.03, 1.74, 1.44, 1.32, 1.22, 1.18, 1.17, 1.17, 1.16, 1.15, 1.17, 1.25, 1.26, 1.188, 1.2, 1.17, 1.167, 1.91,
	2.16, 1.91, 1.62, 1.45, 1.34, 1.3, 1.27, 1.25, 1.25, 1.28, 1.34, 1.48, 1.44, 1.385, 1.4, 1.378, 1.387, 1.98,
	2.35, 1.98, 1.69, 1.83, 1.82, 1.81, 1.8, 1.8, 1.99, 1.79, 1.76, 1.75, 1.74, 1.73, 1.72, 1.94, 1.72, 1.44,
	1.34, 1.3, 1.28, 1.26, 1.27, 1.3, 1.34, 1.49, 1.48, 1.48, 1.45, 1.46, 1.45, 2.4, 2, 1.9, 1.88, 1.79, 1.61,
	1.58, 1.55, 1.53, 1.07,
}

// exactMass is the mass of an atom with its isotope, or of the most common one.
func exactMass(a *chem.Atom) float64 {
	if a.Isotope == 0 {
		return element.CommonMass(a.Number)
	}
	return a.Mass()
}
