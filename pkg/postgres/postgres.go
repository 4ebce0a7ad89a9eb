// Package postgres runs a private PostgreSQL server from the binaries of this machine: no TCP, a socket in
// a short private folder, a password, and an end together with the process that started it.
package postgres

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options say where the server lives.
type Options struct {
	Dir            string // data folder, made if missing; its password and log are beside it: Dir+".password", Dir+".log"
	MaxConnections int    // 0: 60
	Progress       func(string)
}

// Server is a running private server.
type Server struct {
	url    string
	socket string
	cmd    *exec.Cmd
	done   chan struct{}
	err    error
}

var (
	// ErrNoBinaries: PostgreSQL's server programs are not on this machine.
	ErrNoBinaries = errors.New("PostgreSQL's server programs were not found: install PostgreSQL 15 or newer (Debian: apt-get install postgresql)")
	// ErrVersion: the data folder was made by another major version.
	ErrVersion = errors.New("data folder belongs to another major version of PostgreSQL")
	// ErrClosedParent: the user Postgres runs as cannot enter a folder above the data.
	ErrClosedParent = errors.New("PostgreSQL's user cannot enter the folder")
)

// Binaries finds the folder of initdb and postgres, the newest version first.
func Binaries() (string, error) {
	return binariesIn("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/pgsql/bin")
}

// binariesIn looks into usual folders, then along the PATH.
func binariesIn(patterns ...string) (string, error) {
	var found []string
	for _, pattern := range patterns {
		matches, _ := filepath.Glob(pattern)
		found = append(found, matches...)
	}
	slices.SortFunc(found, func(a, b string) int { return major(b) - major(a) })
	if path, err := exec.LookPath("postgres"); err == nil {
		found = append(found, filepath.Dir(path))
	}
	for _, dir := range found {
		if executable(filepath.Join(dir, "initdb")) && executable(filepath.Join(dir, "postgres")) {
			return dir, nil
		}
	}
	return "", ErrNoBinaries
}

func major(path string) int {
	digits := strings.FieldsFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(digits[0])
	return n
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && info.Mode()&0o111 != 0
}

// Start starts the server and waits until it answers. A server that an earlier process left running on the
// same folder is stopped first. The server ends when this process does, however it ends.
func Start(ctx context.Context, o Options) (*Server, error) {
	bin, err := Binaries()
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	account, err := serverAccount()
	if err != nil {
		return nil, err
	}
	if err := Reachable(dir); err != nil {
		return nil, err
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	password, err := initialise(ctx, bin, dir, account, o.Progress)
	if err != nil {
		return nil, err
	}
	if err := stopLeftOver(dir); err != nil {
		return nil, err
	}
	socket, err := os.MkdirTemp("", "psl")
	if err != nil {
		return nil, err
	}
	if err := account.own(socket, 0o700); err != nil {
		return nil, err
	}
	connections := o.MaxConnections
	if connections == 0 {
		connections = 60
	}
	log, err := os.OpenFile(dir+".log", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s := &Server{socket: socket, done: make(chan struct{})}
	query := url.Values{"host": {socket}, "user": {"passerelle"}, "password": {password}, "sslmode": {"disable"}}
	s.url = "postgres:///passerelle?" + query.Encode()
	s.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", dir, //nolint:noctx // it outlives the start; Stop ends it
		"-c", "listen_addresses=", "-c", "unix_socket_directories="+socket, "-c", "unix_socket_permissions=0700",
		"-c", "max_connections="+strconv.Itoa(connections), "-c", "max_wal_size=1GB",
		"-c", "log_parameter_max_length=0", "-c", "log_parameter_max_length_on_error=0", "-c", "log_min_error_statement=panic",
		"-c", "log_error_verbosity=terse", "-c", "log_statement=none", "-c", "log_min_duration_statement=-1",
		"-c", "log_line_prefix=%m [%p] ", "-c", "lc_messages=C")
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.SysProcAttr = account.attributes()
	if err := startOnLockedThread(s.cmd, s.ended); err != nil {
		os.RemoveAll(socket)
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	if err := s.waitUntilReady(ctx); err != nil {
		_ = s.Stop()
		return nil, err
	}
	return s, nil
}

// initialise makes the data folder once, and gives the password.
func initialise(ctx context.Context, bin, dir string, account account, progress func(string)) (string, error) {
	file := dir + ".password"
	version, err := os.ReadFile(filepath.Join(dir, "PG_VERSION"))
	if err == nil {
		if err := sameMajor(ctx, bin, strings.TrimSpace(string(version)), dir); err != nil {
			return "", err
		}
		password, err := os.ReadFile(file)
		return strings.TrimSpace(string(password)), err
	}
	progress("making a private database")
	secret := make([]byte, 16)
	_, _ = rand.Read(secret)
	password := hex.EncodeToString(secret)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	// A folder that was left half made has no database of anybody's: initdb writes beside it, then it is renamed.
	half := dir + ".new"
	if err := os.RemoveAll(half); err != nil {
		return "", err
	}
	if err := os.Mkdir(half, 0o700); err != nil {
		return "", err
	}
	if err := account.own(half, 0o700); err != nil {
		return "", err
	}
	handed := dir + ".handed" // initdb reads it as the server's user, then it goes
	if err := os.WriteFile(handed, []byte(password+"\n"), 0o600); err != nil {
		return "", err
	}
	defer os.Remove(handed)
	if err := account.own(handed, 0o600); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", half, "--locale=C.UTF-8", "-E", "UTF8", // our own binaries
		"-U", "passerelle", "-A", "scram-sha-256", "--pwfile="+handed)
	cmd.SysProcAttr = account.attributes()
	cmd.SysProcAttr.Pdeathsig = 0
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(out)))
	}
	if err := os.WriteFile(file, []byte(password+"\n"), 0o600); err != nil {
		return "", err
	}
	return password, os.Rename(half, dir)
}

func sameMajor(ctx context.Context, bin, folder, dir string) error {
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output() // our own binaries
	if err != nil {
		return err
	}
	fields := strings.Fields(string(out)) // postgres (PostgreSQL) 15.18 …
	if len(fields) >= 3 && strings.SplitN(fields[2], ".", 2)[0] != folder {
		return fmt.Errorf("%w: %s needs PostgreSQL %s, found %s", ErrVersion, dir, folder, fields[2])
	}
	return nil
}

// stopLeftOver stops a server that still runs on the folder: its starter was killed.
func stopLeftOver(dir string) error {
	file := filepath.Join(dir, "postmaster.pid")
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	lines := strings.Split(string(data), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 1 || !runsOn(pid, dir) {
		return nil
	}
	_ = syscall.Kill(pid, syscall.SIGINT)
	for range 200 {
		if !runsOn(pid, dir) {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("a PostgreSQL server (process %d) still runs on %s and does not stop", pid, dir)
}

// runsOn tells whether the process is a server on that very folder and not a stranger with its number.
func runsOn(pid int, dir string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return false
	}
	return slices.Contains(strings.Split(string(line), "\x00"), dir)
}

// startOnLockedThread starts cmd from a thread that lives as long as the command: the kernel sends the
// parent-death signal when the starting thread ends, not the process.
func startOnLockedThread(cmd *exec.Cmd, ended func(error)) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			ended(cmd.Wait())
		}
	}()
	return <-started
}

func (s *Server) ended(err error) {
	s.err = err
	os.RemoveAll(s.socket)
	close(s.done)
}

func (s *Server) waitUntilReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	for {
		err := s.tryConnect(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.done:
			return fmt.Errorf("postgres ended at its start (%w), its log says why", s.err)
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tryConnect makes the database of the product when it is not there yet, and checks what durability needs.
func (s *Server) tryConnect(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, strings.Replace(s.url, "postgres:///passerelle?", "postgres:///postgres?", 1))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var there bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", "passerelle").Scan(&there); err != nil {
		return err
	}
	if !there {
		if _, err := conn.Exec(ctx, "create database passerelle"); err != nil {
			return err
		}
	}
	return CheckDurable(ctx, conn)
}

// CheckDurable refuses a server on which an acknowledged commit can be lost.
func CheckDurable(ctx context.Context, conn *pgx.Conn) error {
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var value string
		if err := conn.QueryRow(ctx, "select current_setting($1)", setting).Scan(&value); err != nil {
			return err
		}
		if value == "off" || value == "local" && setting != "synchronous_commit" {
			return fmt.Errorf("PostgreSQL runs with %s = %s: an acknowledged write could be lost; set it to on", setting, value)
		}
	}
	return nil
}

// URL connects as the owner of everything; the password is in it.
func (s *Server) URL() string { return s.url }

// PID is the server's process, for tests that kill it.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Done is closed when the server has ended.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop ends the server: open transactions are rolled back, what was committed is checkpointed.
func (s *Server) Stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-s.done:
		return nil
	case <-time.After(8 * time.Second):
		_ = s.cmd.Process.Signal(syscall.SIGQUIT)
		<-s.done
		return errors.New("postgres did not stop in time and was ended")
	}
}

// account is whom the server runs as: the caller, or somebody without rights when the caller is root.
type account struct {
	credential *syscall.Credential
	name       string
}

func serverAccount() (account, error) {
	if os.Getuid() != 0 {
		return account{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.ParseUint(found.Uid, 10, 32)
		gid, _ := strconv.ParseUint(found.Gid, 10, 32)
		return account{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, name}, nil
	}
	return account{}, errors.New("PostgreSQL refuses to run as root, and neither postgres nor nobody exists on this machine")
}

func (a account) attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT, Credential: a.credential}
}

func (a account) own(path string, mode os.FileMode) error {
	if err := os.Chmod(path, mode); err != nil {
		return err
	}
	if a.credential == nil {
		return nil
	}
	return os.Chown(path, int(a.credential.Uid), int(a.credential.Gid))
}

// Reachable answers ErrClosedParent when the user the server runs as cannot enter a folder above dir.
func Reachable(dir string) error {
	account, err := serverAccount()
	if err != nil {
		return err
	}
	return account.canReach(filepath.Dir(dir))
}

func (a account) canReach(dir string) error {
	if a.credential == nil {
		return nil
	}
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err == nil && !enters(info, a.credential) {
			return fmt.Errorf("%w %s (as %s)", ErrClosedParent, dir, a.name)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

func enters(info os.FileInfo, c *syscall.Credential) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	mode := info.Mode().Perm()
	switch {
	case ok && stat.Uid == c.Uid:
		return mode&0o100 != 0
	case ok && stat.Gid == c.Gid:
		return mode&0o010 != 0
	}
	return mode&0o001 != 0
}

// Dump writes a dump of the named schemas in pg_dump's custom format.
func (s *Server) Dump(ctx context.Context, to io.Writer, schemas ...string) error {
	args := []string{"-Fc", "--dbname=" + s.url}
	for _, schema := range schemas {
		args = append(args, "--schema="+schema)
	}
	return s.run(ctx, nil, to, "pg_dump", args...)
}

// Restore puts a dump back in place of what the database has of the same schemas.
func (s *Server) Restore(ctx context.Context, from io.Reader) error {
	return s.run(ctx, from, io.Discard, "pg_restore", "--clean", "--if-exists", "--single-transaction", "--dbname="+s.url)
}

func (s *Server) run(ctx context.Context, in io.Reader, out io.Writer, program string, args ...string) error {
	bin, err := Binaries()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, program), args...) // our own binaries
	var complaint strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, &complaint
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, strings.TrimSpace(complaint.String()))
	}
	return nil
}
