package postgres

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestMissingServerProgramsAreSaidInOneLine(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := binariesIn(filepath.Join(t.TempDir(), "*", "bin")); !errors.Is(err, ErrNoBinaries) {
		t.Error(err)
	}
}

func TestTheNewestServerProgramsAreFound(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	root := t.TempDir()
	for _, version := range []string{"15", "9", "17"} {
		bin := filepath.Join(root, version, "bin")
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, program := range []string{"initdb", "postgres"} {
			if version == "17" && program == "postgres" {
				continue // a client only
			}
			if err := os.WriteFile(filepath.Join(bin, program), nil, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	if dir, err := binariesIn(filepath.Join(root, "*", "bin")); err != nil || dir != filepath.Join(root, "15", "bin") {
		t.Error(dir, err)
	}
}
