package train

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/predict"
	G "gorgonia.org/gorgonia"
)

// Fit trains a network on data, updates its weights in place, and returns the history.
//
// When ctx is cancelled it stops between two steps, saves a last checkpoint if Config.Checkpoint is set, and returns the history so far
// with an error whose cause is ctx.Err(). A loss that is not finite ends the training with an error that names the step and the layer and
// has the cause ErrDiverged. A panic in a layer, a loss, an op, a callback or the data becomes an error with its stack. After an error the
// network has the weights of the last step, unless callback.EarlyStopping restores the best ones.
//
// Before the first step, Fit returns an error for data that do not fit the network, for a metric that is not defined for the validation
// data, and for invalid settings. The network then stays unchanged.
func Fit(ctx context.Context, net *graphs.Network, d Data, c Config) (h *History, err error) {
	defer func() { c.endProcesses(err) }()
	r, err := newRun(ctx, net, d, c)
	if err != nil {
		return nil, errors.Wrap(err, "train")
	}
	defer r.close()
	if err = r.fit(ctx); err != nil {
		r.atFailure(err)
		r.restoreLoss()
	}
	return r.state.History, errors.Wrap(err, "train")
}

// run is one call of Fit.
type run struct {
	Config
	net       *graphs.Network
	data      Data
	state     State
	begin     time.Time
	workers   *kernel.Workers
	first     *graphs.Graph    // of the first batch, until its machine is made
	machines  map[int]*machine // by the number of rows
	predictor *predict.Predictor

	// batchesPerEpoch and stepsPerEpoch are the numbers of batches and of updates of the weights in an epoch.
	batchesPerEpoch, stepsPerEpoch int

	// optimizer is nil if there is a Solver. frozen are the names of the frozen parameters.
	optimizer    *optim.Optimizer
	accumulators map[int]*optim.Accumulator // by the number of batches: Accumulate, and what is left at the end of an epoch
	average      *average                   // nil without one
	frozen       map[string]bool

	// started are the callbacks whose AtStart has been called, and due those that see the current step before its update.
	started, due []Callback
	// outputs are those of the network before the class weights of the configuration became part of their losses.
	outputs []graphs.Output

	// batch is the number of finished batches of the current epoch, and sum that of their losses. sums are those of the outputs, and losses
	// those of the outputs in the last batch, of a network with several.
	batch        int
	sum          float64
	sums, losses []float64
	// batches is the number of finished batches of the whole run. The random masks depend on it.
	batches int
	// leaf is the number of the shard that is computed, and sharded the room for the steps, of a run of several processes.
	leaf    int
	sharded *sharded
	// stopped means that a callback has ended the training.
	stopped bool

	// For checkpoints: the settings that must not change, and the last saved moment.
	settings []setting
	saved    moment
	unlock   func() error
	// description is that of the network, empty if it cannot be saved, and sealed counts the rows of the history that are in other files.
	description string
	sealed      checkpoint.Sealed
	// best is the best metric of the first epochs, of which compared is the number; see isBest.
	best     *float64
	compared int
}

func newRun(ctx context.Context, net *graphs.Network, d Data, c Config) (r *run, err error) {
	if ctx == nil {
		return nil, errors.New("there is no context")
	}
	if c, err = c.withDefaults(); err != nil {
		return nil, err
	}
	if err := net.Check(); err != nil {
		return nil, err
	}
	if err := data.Check(d, net.Inputs); err != nil {
		return nil, err
	}
	r = &run{
		Config: c, net: net, outputs: slices.Clone(net.Outputs), data: d, begin: time.Now(), workers: kernel.Shared(),
		machines: map[int]*machine{}, accumulators: map[int]*optim.Accumulator{},
	}
	r.batchesPerEpoch = batches(d.Len(), c.Batch)
	r.stepsPerEpoch = (r.batchesPerEpoch-1)/c.Accumulate + 1
	if c.Epochs > maxSteps/r.batchesPerEpoch {
		return nil, errors.Errorf("%d epochs of %d batches are too many", c.Epochs, r.batchesPerEpoch)
	}
	if c.Threads > 0 {
		r.workers = kernel.NewWorkers(c.Threads)
	}
	r.state = State{
		Epochs: c.Epochs, Steps: c.Epochs * r.stepsPerEpoch, Net: net, Params: net.Params, RateFactor: 1,
		History: &History{Metric: c.Metric.Name}, Metric: c.Metric, Metrics: c.Metrics,
		LearningRate: optim.LearningRate(c.Optimizer), Validated: c.Validation != nil, ValidateEvery: c.ValidateEvery, TrainingMetrics: c.TrainingMetrics, OnWarning: c.Warn,
	}
	if r.several() {
		for _, o := range net.Outputs {
			r.state.History.Outputs = append(r.state.History.Outputs, cmp.Or(o.Name, batch.Y))
		}
		r.sums, r.losses = make([]float64, len(net.Outputs)), make([]float64, len(net.Outputs))
	}
	for _, m := range c.Metrics {
		r.state.History.Metrics = append(r.state.History.Metrics, m.Name)
	}
	if err := r.open(); err != nil {
		r.restoreLoss()
		r.close()
		return nil, err
	}
	return r, nil
}

// open makes the parts of the run.
func (r *run) open() (err error) {
	if err := optim.CheckSchedule(r.Schedule); err != nil {
		return err
	}
	if err := r.weighClasses(); err != nil {
		return err
	}
	if err := r.openOptimizer(); err != nil {
		return err
	}
	if r.predictor, err = predict.New(r.net, r.workers); err != nil {
		return err
	}
	if err := r.affordable(); err != nil {
		return err
	}
	if err := r.checkRowGradients(r.first); err != nil {
		return err
	}
	return r.checkMetrics()
}

// openOptimizer makes the state of the optimizer and of the average.
func (r *run) openOptimizer() (err error) {
	var names []string
	for _, p := range r.net.Params.All() {
		names = append(names, p.Name)
	}
	settings, err := optim.ResolveGroups(names, r.Groups)
	if err != nil {
		return err
	}
	r.frozen = map[string]bool{}
	var trained []optim.ParamSettings
	var weights []G.Value
	for i, p := range r.net.Params.All() {
		switch {
		case settings[i].Frozen:
			r.frozen[p.Name] = true
		case p.Trainable:
			trained, weights = append(trained, settings[i]), append(weights, p.Value)
		}
	}
	if r.Solver == nil {
		var options []optim.Option
		if r.Groups != nil {
			options = append(options, optim.ForParameters(trained))
		}
		if r.optimizer, err = optim.New(r.Optimizer, options...); err != nil {
			return err
		}
		r.optimizer.UseWorkers(r.workers)
	}
	if r.Average > 0 {
		if r.average, err = newAverage(r.Average, weights, r.workers); err != nil {
			return err
		}
	}
	return nil
}

// accumulator returns the one that averages the gradients of n batches.
func (r *run) accumulator(n int) (*optim.Accumulator, error) {
	if a := r.accumulators[n]; a != nil {
		return a, nil
	}
	a, err := optim.NewAccumulator(n)
	if err != nil {
		return nil, err
	}
	a.UseWorkers(r.workers)
	r.accumulators[n] = a
	return a, nil
}

// restoreLoss takes the class weights of the configuration back from a network that has not been trained with them.
func (r *run) restoreLoss() {
	if r.state.Step == 0 {
		copy(r.net.Outputs, r.outputs)
	}
}

// close gives back what the run has taken.
func (r *run) close() {
	for _, m := range r.machines {
		m.Close()
	}
	r.predictor.Close()
	if r.workers != nil && r.Threads > 0 {
		r.workers.Close()
	}
	if r.unlock != nil {
		r.unlock()
	}
}

func (r *run) fit(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if err := r.atStart(ctx); errors.Is(err, ErrStop) {
		r.stopped = true
	} else if err != nil {
		return err
	}
	if r.stopped && r.batch > 0 { // the run before this one was stopped within an epoch, and cancelled before it was validated
		if err := r.endEpoch(ctx); err != nil {
			return err
		}
	}
	for !r.stopped && r.state.Epoch < r.Epochs {
		r.state.Epoch++
		if err := r.epoch(ctx); err != nil {
			return err
		}
	}
	if err := checkFinite(r.state.Params); err != nil {
		return err
	}
	if err := r.save(); err != nil {
		return err
	}
	if err := r.average.swap(); err != nil { // the average is what the network has in the end
		return err
	}
	return r.atEnd(ctx)
}
