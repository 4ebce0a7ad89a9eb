package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	mostFirstStart = 20 // seconds, on two cores
	mostLaterStart = 5
)

// demoStarts measures how long `passerelle run` takes until it answers: with the demo's year to fill in, and later.
func demoStarts(ctx context.Context, dir string) ([]row, error) {
	binary := filepath.Join(dir, "passerelle")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "./services/platform/passerelle").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w: %s", err, out)
	}
	var rows []row
	for _, start := range []struct {
		name string
		most float64
	}{{"demo first start", mostFirstStart}, {"demo later start", mostLaterStart}} {
		took, err := demoStart(ctx, binary, filepath.Join(dir, "demo"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", start.name, err)
		}
		seconds := took.Seconds()
		rows = append(rows, row{start.name, "s", fmt.Sprintf("%.1f", seconds), fmt.Sprintf("≤ %.0f", start.most), seconds <= start.most})
	}
	return rows, nil
}

// demoStart runs it until it answers, and stops it.
func demoStart(ctx context.Context, binary, folder string) (time.Duration, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, binary, "run")
	cmd.Env = append(os.Environ(), "PASSERELLE_DEMO=on", "PASSERELLE_DATA_DIR="+folder, "PASSERELLE_HTTP_ADDR="+address)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	var took time.Duration
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if took == 0 && strings.Contains(lines.Text(), " answers on http://") {
			took = time.Since(began)
			_ = cmd.Process.Signal(syscall.SIGTERM)
		}
	}
	if err := cmd.Wait(); err != nil {
		return 0, err
	}
	if took == 0 {
		return 0, errors.New("it never answered")
	}
	return took, nil
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
