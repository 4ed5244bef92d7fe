package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

const isc = `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the
above copyright notice and this permission notice appear in all copies. THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL
WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE
LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS,
WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS
SOFTWARE.`

func TestLicences(t *testing.T) {
	dir := t.TempDir()
	if got, err := licences(dir); err == nil {
		t.Errorf("an empty folder has %q", got)
	}
	if err := os.Mkdir(filepath.Join(dir, "licenses"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"licenses/a.txt", "LICENCE.md"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(isc), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, err := licences(dir); err != nil || !slices.Equal(got, []string{"ISC"}) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestUsage(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(nil, &out, &errs); code != 2 || errs.Len() == 0 {
		t.Errorf("exit code %d", code)
	}
	if code := run([]string{t.TempDir()}, &out, &errs); code != 1 || out.Len() > 0 {
		t.Errorf("exit code %d, %s", code, out.String())
	}
}
