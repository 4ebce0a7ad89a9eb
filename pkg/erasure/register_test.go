package erasure_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/passerelle/pkg/erasure"
)

var noon = time.Date(2021, 11, 15, 12, 0, 0, 123000, time.UTC)

func open(t *testing.T, path string) *erasure.Register {
	t.Helper()
	r, err := erasure.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func add(t *testing.T, r *erasure.Register, subjects ...string) {
	t.Helper()
	if err := r.Add("request", noon, subjects...); err != nil {
		t.Fatal(err)
	}
}

func subjects(t *testing.T, r *erasure.Register) string {
	t.Helper()
	entries, err := r.Entries()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Subject)
	}
	return strings.Join(list, " ")
}

func TestWhoIsRegisteredStaysRegisteredOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "erasures")
	here := open(t, path)
	elsewhere := open(t, path)
	add(t, here, "anna", "bruno")
	add(t, elsewhere, "bruno", "chloe")
	add(t, here, "anna")
	for name, r := range map[string]*erasure.Register{"here": here, "elsewhere": elsewhere, "again": open(t, path)} {
		if got := subjects(t, r); got != "anna bruno chloe" {
			t.Errorf("%s: %s", name, got)
		}
		if is, err := r.Has("chloe"); !is || err != nil {
			t.Errorf("%s: %v %v", name, is, err)
		}
		if is, err := r.Has("dora"); is || err != nil {
			t.Errorf("%s: %v %v", name, is, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
}

func TestManyAtOnceBreakNoChain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "erasures")
	var all sync.WaitGroup
	for _, one := range []string{"a", "b", "c", "d"} {
		r := open(t, path)
		all.Go(func() {
			for range 10 {
				one += "'"
				if err := r.Add("error", noon, one); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := strings.Fields(subjects(t, open(t, path))); len(got) != 40 {
		t.Error(got)
	}
}

func TestHalfALineIsOfAProcessThatDied(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "erasures")
	add(t, open(t, path), "anna")
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(`{"subject":"bruno","at`); err != nil {
		t.Fatal(err)
	}
	file.Close()
	r := open(t, path)
	if got := subjects(t, r); got != "anna" {
		t.Error(got)
	}
	add(t, r, "chloe")
	if got := subjects(t, open(t, path)); got != "anna chloe" {
		t.Error(got)
	}
}

func TestAChangedLineIsSeen(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(lines []string) []string{
		"another subject": func(l []string) []string { l[0] = strings.Replace(l[0], "anna", "anne", 1); return l },
		"another time":    func(l []string) []string { l[1] = strings.Replace(l[1], "2021", "2020", 1); return l },
		"taken out":       func(l []string) []string { return l[1:] },
		"no line":         func(l []string) []string { l[1] = "x"; return l },
	} {
		path := filepath.Join(t.TempDir(), "erasures")
		add(t, open(t, path), "anna", "bruno", "chloe")
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := change(strings.SplitAfter(string(content), "\n"))
		if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := erasure.Open(path); !errors.Is(err, erasure.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARegisterThatBecomesShorterIsSeen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "erasures")
	r := open(t, path)
	add(t, r, "anna")
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if err := r.Add("request", noon, "bruno"); !errors.Is(err, erasure.ErrDamaged) {
		t.Error(err)
	}
}

func TestAFolderThatIsNotThereIsSaid(t *testing.T) {
	t.Parallel()
	if _, err := erasure.Open(filepath.Join(t.TempDir(), "nothing", "erasures")); err == nil || !strings.Contains(err.Error(), "is no folder") {
		t.Error(err)
	}
}
