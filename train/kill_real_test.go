package train_test

import (
	"context"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/internal/oracle"
)

// The same on HTRU2.
func TestKillHTRU2(t *testing.T) {
	if _, err := htru2.Load(context.Background(), datasets.Options{RealOnly: true}); err != nil {
		oracle.Missing(t, "%v", err)
	}
	testKill(t, "htru2")
}
