// Package report writes a single HTML page about a training run, and serves it live while the training runs.
//
//	recorder := &report.Recorder{Run: report.Run{Title: "my network", Config: settings}}
//	watcher, err := report.Watch(":8080", recorder) // optional: the page at http://127.0.0.1:8080
//	history, err := train.Fit(ctx, net, data, train.Config{Callbacks: []train.Callback{&callback.Probes{}, recorder}})
//	watcher.Close()
//	err = report.Write("report.html", recorder.Snapshot())
//
// The page is self-contained: it loads no scripts, fonts or pictures, and its content security policy forbids requests. Without JavaScript
// it shows only the tables.
package report
