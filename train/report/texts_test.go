package report

import "testing"

// The folders of paths are left out, and nothing else.
func TestFolders(t *testing.T) {
	f := newFolders([]string{"/home/me", "/home/me/tables", "out", `C:\Users\me`, ".", "..", "/", ""})
	for text, want := range map[string]string{
		"Data: /home/me/tables/my.csv: 12 rows.": "Data: my.csv: 12 rows.",
		"open /home/me/other/my.csv":             "open other/my.csv",
		`"/home/me/a.csv" and "/home/me/b.csv"`:  `"a.csv" and "b.csv"`,
		"/home/me/a.csv":                         "a.csv",
		"the folder /home/me/tables is full":     "the folder tables is full",
		"mkdir /home/me/tables: denied":          "mkdir tables: denied",
		"It is /home/me.":                        "It is me.",
		"/home/meadow/a.csv and /mnt/home/me/a":  "/home/meadow/a.csv and /mnt/home/me/a",
		"saved in out/run-1 without/loss, out":   "saved in run-1 without/loss, out",
		`C:\Users\me\my.csv is open`:             "my.csv is open",
		"1/2 or a/b":                             "1/2 or a/b",
	} {
		if got := f.leaveOut(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if newFolders(nil) != nil || newFolders([]string{"."}) != nil {
		t.Error("there is nothing to leave out")
	}
}
