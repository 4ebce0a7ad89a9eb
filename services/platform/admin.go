package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// An operator command speaks to the running process over a socket in the data folder. If none runs, it
// takes the folder, starts what it needs, works, and stops it.

// maxSocketPath is what fits into a Unix address on every system.
const maxSocketPath = 100

// failure is the trailer in which an operation's error comes back.
const failure = "Passerelle-Failure"

// socketPath is in the data folder, or, when that path is too long for an address, in a short private
// folder that the file "socket" names.
func socketPath(folder string) (string, error) {
	path := filepath.Join(folder, "passerelle.sock")
	if len(path) <= maxSocketPath {
		return path, nil
	}
	dir, err := os.MkdirTemp("", "psl")
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "passerelle.sock")
	return path, os.WriteFile(filepath.Join(folder, "socket"), []byte(path), 0o600)
}

func findSocket(folder string) string {
	if named, err := os.ReadFile(filepath.Join(folder, "socket")); err == nil {
		return strings.TrimSpace(string(named))
	}
	return filepath.Join(folder, "passerelle.sock")
}

// serveAdmin answers operator commands until ctx ends.
func serveAdmin(ctx context.Context, i *installation) error {
	path, err := socketPath(i.folder.path)
	if err != nil {
		return err
	}
	_ = os.Remove(path) // of a process that was killed: we hold the folder's lock
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("operator socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	server := &http.Server{Handler: adminHandler(i), ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func adminHandler(i *installation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		work, ok := operations[strings.Trim(r.URL.Path, "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Trailer", failure)
		if err := work(r.Context(), i, r.Form, flushing{w}); err != nil {
			w.Header().Set(failure, url.QueryEscape(err.Error()))
		}
	})
}

// flushing shows each line as it is written.
type flushing struct{ w http.ResponseWriter }

func (f flushing) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	_ = http.NewResponseController(f.w).Flush()
	return n, err
}

// errNobodyRuns: no process answers on the socket.
var errNobodyRuns = errors.New("no process runs on this data folder")

// askRunning gives the command to the process that holds the folder.
func askRunning(ctx context.Context, folder, name string, args url.Values, out io.Writer) error {
	socket := findSocket(folder)
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://passerelle/"+name, strings.NewReader(args.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(request)
	if err != nil {
		return errNobodyRuns
	}
	defer response.Body.Close()
	if _, err := io.Copy(out, response.Body); err != nil {
		return fmt.Errorf("the running process ended before it had answered: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the running process does not know %q: it may be another version", name)
	}
	if text, err := url.QueryUnescape(response.Trailer.Get(failure)); err != nil || text != "" {
		return errors.New(text)
	}
	return nil
}

// operate runs an operator command, in the running process or here.
func operate(ctx context.Context, c Config, name string, args url.Values, out io.Writer) error {
	path, err := dataFolder(c, io.Discard)
	if err != nil {
		return err
	}
	if err := askRunning(ctx, path, name, args, out); !errors.Is(err, errNobodyRuns) {
		return err
	}
	if c.isApart() {
		return operateApart(ctx, c, name, args, out)
	}
	i, err := open(ctx, c, func(string) {})
	if err != nil {
		return err
	}
	defer i.close()
	if !needsServices[name] {
		return operations[name](ctx, i, args, out)
	}
	return i.withServices(ctx, func(ctx context.Context) error { return operations[name](ctx, i, args, out) })
}

// withServices does something while the services run, without answering anybody.
func (i *installation) withServices(ctx context.Context, do func(context.Context) error) error {
	if err := i.compareCopies(ctx); err != nil {
		return err
	}
	if _, err := i.applyErasures(ctx, true); err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	work, working := errgroup.WithContext(working)
	err := i.start(working, work, "127.0.0.1")
	if err == nil {
		err = i.awaitWarm(working)
	}
	if err == nil {
		err = do(working)
	}
	stop()
	return errors.Join(err, work.Wait())
}
