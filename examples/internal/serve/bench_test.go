package serve

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
)

// BenchmarkPredict measures a request without the network: parsing, features, prediction and answer.
func BenchmarkPredict(b *testing.B) {
	for _, rows := range []int{1, 100} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			path, _ := tableModel(b, "price", 1)
			s, err := New(Options{Path: path})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			body := `{"rows":[` + strings.Repeat(`{"size":1,"color":"red"},`, rows-1) + `{"size":1,"color":"red"}]}`
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				s.ServeHTTP(w, httptest.NewRequest("POST", "/predict", strings.NewReader(body)))
				if w.Code != 200 {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
