// Package erasure keeps the register of erasures: whose keys were destroyed on purpose. It lies outside every
// backup, so that who was erased stays erased when an older dump comes back.
package erasure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Entry is one line of the register.
type Entry struct {
	Subject string    `json:"subject"` // of the key
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
	Proof   string    `json:"proof"` // SHA-256 over the proof of the line before and this line
}

// ErrDamaged says that a line was changed, or one before it taken out.
var ErrDamaged = errors.New("the register of erasures is damaged")

// Register is a file to which lines are only ever added. Several processes may share it.
type Register struct {
	path string

	mu      sync.Mutex
	entries []Entry
	known   map[string]bool
	end     int64 // of what was read
}

// Open reads the register; a file that is not there is an empty one, but its folder has to be. ErrDamaged when
// its chain is broken.
func Open(path string) (*Register, error) {
	r := &Register{path: path, known: map[string]bool{}}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("register of erasures: %s is no folder", filepath.Dir(path))
	}
	return r, r.locked(syscall.LOCK_SH, func(*os.File) error { return nil })
}

// Entries are all of them, in the order in which they were added, those of other processes too.
func (r *Register) Entries() (list []Entry, err error) {
	err = r.locked(syscall.LOCK_SH, func(*os.File) error {
		list = append(list, r.entries...)
		return nil
	})
	return list, err
}

// Has tells whether a subject is registered.
func (r *Register) Has(subject string) (is bool, err error) {
	err = r.locked(syscall.LOCK_SH, func(*os.File) error {
		is = r.known[subject]
		return nil
	})
	return is, err
}

// Add registers subjects, and returns when that is durable. Those that are registered already stay as they are.
func (r *Register) Add(reason string, at time.Time, subjects ...string) error {
	return r.locked(syscall.LOCK_EX, func(file *os.File) error {
		lines, fresh, err := r.lines(reason, at, subjects)
		if err != nil || len(fresh) == 0 {
			return err
		}
		if err := r.write(file, lines); err != nil {
			return err
		}
		r.take(fresh, int64(len(lines)))
		return nil
	})
}

func (r *Register) lines(reason string, at time.Time, subjects []string) (lines []byte, fresh []Entry, err error) {
	before := r.last()
	for _, subject := range subjects {
		if r.known[subject] {
			continue
		}
		e := Entry{Subject: subject, Reason: reason, At: at.UTC()}
		e.Proof = e.proof(before)
		line, err := json.Marshal(e)
		if err != nil {
			return nil, nil, err
		}
		lines, fresh, before = append(append(lines, line...), '\n'), append(fresh, e), e.Proof
	}
	return lines, fresh, nil
}

// write puts lines where the last whole one ended: half a line is of a process that died before it had answered.
func (r *Register) write(file *os.File, lines []byte) error {
	if err := file.Truncate(r.end); err != nil {
		return err
	}
	if _, err := file.WriteAt(lines, r.end); err != nil {
		return err
	}
	return file.Sync()
}

func (r *Register) take(entries []Entry, length int64) {
	for _, e := range entries {
		r.known[e.Subject] = true
	}
	r.entries, r.end = append(r.entries, entries...), r.end+length
}

func (r *Register) last() string {
	if len(r.entries) == 0 {
		return ""
	}
	return r.entries[len(r.entries)-1].Proof
}

func (e Entry) proof(before string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%s", before, e.Subject, e.Reason, e.At.Format(time.RFC3339Nano)))
	return hex.EncodeToString(sum[:])
}

// locked does something with the file while no other process adds to it, after reading what others have added.
func (r *Register) locked(how int, do func(*os.File) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	file, err := r.open()
	if err != nil {
		return fmt.Errorf("register of erasures: %w", err)
	}
	defer file.Close()
	if err := syscall.Flock(int(file.Fd()), how); err != nil {
		return fmt.Errorf("lock the register of erasures: %w", err)
	}
	if err := r.read(file); err != nil {
		return err
	}
	if err := do(file); err != nil {
		return fmt.Errorf("register of erasures: %w", err)
	}
	return nil
}

// open makes a file that is missing, durably.
func (r *Register) open() (*os.File, error) {
	file, err := os.OpenFile(r.path, os.O_RDWR, 0)
	if !errors.Is(err, os.ErrNotExist) {
		return file, err
	}
	if file, err = os.OpenFile(r.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, err
	}
	folder, err := os.Open(filepath.Dir(r.path))
	if err == nil {
		defer folder.Close()
		err = folder.Sync()
	}
	return file, err
}

// read reads the whole lines behind those that were read before.
func (r *Register) read(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("register of erasures: %w", err)
	}
	if info.Size() < r.end {
		return fmt.Errorf("%w: %s has become shorter", ErrDamaged, r.path)
	}
	tail, err := io.ReadAll(io.NewSectionReader(file, r.end, info.Size()-r.end))
	if err != nil {
		return fmt.Errorf("register of erasures: %w", err)
	}
	return r.follow(tail)
}
