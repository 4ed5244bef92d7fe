package members

import "fmt"

// Share describes a kind of members, and its share in the predictions of an ensemble.
type Share struct {
	Name     string  `json:"name"`
	Settings string  `json:"settings,omitempty"` // such as "200 trees"
	Models   int     `json:"models"`
	Share    float64 `json:"share"` // of all weights, from 0 to 1
}

// Shares describes all kinds, the networks first, of which there is a number. It is empty without members.
func (m *Members) Shares(networks int) (shares []Share) {
	if m == nil {
		return nil
	}
	total := 0.0
	for _, w := range m.Weights {
		total += w
	}
	if total == 0 {
		total = 1
	}
	shares = append(shares, Share{Name: "networks", Models: networks, Share: m.Weights[0] / total})
	for k, kind := range m.Kinds {
		shares = append(shares, Share{kind.Name, fmt.Sprintf("%d trees", kind.Trees), len(m.models[k]), m.Weights[k+1] / total})
	}
	return shares
}
