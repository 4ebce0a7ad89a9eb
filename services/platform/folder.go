package platform

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// folder is a data folder that this process holds: two servers on one store were seen to write the same
// sequence twice.
type folder struct {
	path string
	lock *os.File
}

// InUse says that another process holds the data folder.
type InUse struct {
	Path string
	PID  int
}

func (e *InUse) Error() string {
	return fmt.Sprintf("data folder %s is in use by process %d: stop it, or give another folder with PASSERELLE_DATA_DIR", e.Path, e.PID)
}

// holdFolder makes the folder if it is missing and locks it until the process ends.
func holdFolder(path string) (*folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o755); err != nil { // Postgres may run as another user; what is private has a folder of its own
		return nil, fmt.Errorf("data folder cannot be made: %w: give another with PASSERELLE_DATA_DIR", err)
	}
	lock, err := os.OpenFile(filepath.Join(path, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder is closed: %w: give another with PASSERELLE_DATA_DIR", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, &InUse{path, readPID(lock)}
		}
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := writePID(lock); err != nil {
		lock.Close()
		return nil, err
	}
	return &folder{path, lock}, nil
}

func writePID(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	return err
}

func readPID(file *os.File) int {
	text := make([]byte, 20)
	n, _ := file.ReadAt(text, 0)
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	return pid
}

func (f *folder) join(name string) string { return filepath.Join(f.path, name) }

func (f *folder) release() { f.lock.Close() }
