package logs_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/logs"
)

func surface(t *testing.T) traintest.Surface {
	dir := t.TempDir()
	absurd := &callback.State{
		Epoch: math.MaxInt, Step: math.MinInt, Validated: true, TrainingMetrics: true,
		History: &callback.History{
			Epochs: []callback.Epoch{{Validated: true, Loss: math.NaN(), Seconds: math.Inf(-1)}, {Training: &callback.Judgement{}}}, Metrics: []string{"", "", "a,\"b\n"},
			Moments: []callback.Moments{{Step: math.MinInt}}, Warnings: []string{"\xff"},
		},
	}
	return traintest.Surface{
		Functions: map[string]any{"New": logs.New, "Try": logs.Try},
		Receivers: map[string][]any{
			"CSVLog":  {(*logs.CSVLog)(nil), &logs.CSVLog{}, &logs.CSVLog{Path: dir}, &logs.CSVLog{Path: dir + "/a.csv"}, &logs.CSVLog{Path: "a\x00b"}},
			"JSONLog": {(*logs.JSONLog)(nil), &logs.JSONLog{}, &logs.JSONLog{Path: dir}, &logs.JSONLog{Path: dir + "/a.jsonl"}, &logs.JSONLog{Path: "/dev/null"}},
		},
		Odd: []any{&callback.State{}, &callback.State{History: &callback.History{}}, absurd, ".csv", "no/folder/x.jsonl"},
	}
}

func TestNoPanics(t *testing.T)           { surface(t).NoPanics(t) }
func TestNoPanicsIsComplete(t *testing.T) { surface(t).Complete(t) }
