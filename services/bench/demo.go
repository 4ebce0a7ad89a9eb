package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
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
	mostStop       = 10
	underWay       = 200 // requests while it stops
)

// demoStarts measures how long `passerelle run` takes until it answers: with the demo's year to fill in, and later;
// and how long it takes to stop while people work.
func demoStarts(ctx context.Context, dir string) ([]row, error) {
	binary, err := built(ctx, dir)
	if err != nil {
		return nil, err
	}
	first, _, err := demoRun(ctx, binary, filepath.Join(dir, "demo"))
	if err != nil {
		return nil, fmt.Errorf("demo first start: %w", err)
	}
	later, stop, err := demoRun(ctx, binary, filepath.Join(dir, "demo"))
	if err != nil {
		return nil, fmt.Errorf("demo later start: %w", err)
	}
	return []row{
		within("demo first start", first, mostFirstStart), within("demo later start", later, mostLaterStart),
		within(fmt.Sprintf("stop in the middle of %d requests", underWay), stop, mostStop),
	}, nil
}

// built is `passerelle` as it is shipped.
func built(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "passerelle")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "./services/platform/passerelle").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w: %s", err, out)
	}
	return binary, nil
}

func within(name string, took time.Duration, most float64) row {
	seconds := took.Seconds()
	return row{name, "s", fmt.Sprintf("%.1f", seconds), fmt.Sprintf("≤ %.0f", most), seconds <= most}
}

// demoRun starts it, waits until it answers, and stops it while people work.
func demoRun(ctx context.Context, binary, folder string) (start, stop time.Duration, err error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return 0, 0, err
	}
	cmd := exec.CommandContext(ctx, binary, "run")
	cmd.Env = append(os.Environ(), "PASSERELLE_DEMO=on", "PASSERELLE_DATA_DIR="+folder, "PASSERELLE_HTTP_ADDR="+address)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	var stopping time.Time
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if start == 0 && strings.Contains(lines.Text(), " answers on http://") {
			start = time.Since(began)
			keepBusy(ctx, "http://"+address+"/connexion")
			stopping = time.Now()
			_ = cmd.Process.Signal(syscall.SIGTERM)
		}
	}
	if err := cmd.Wait(); err != nil {
		return 0, 0, err
	}
	if start == 0 {
		return 0, 0, errors.New("it never answered")
	}
	return start, time.Since(stopping), nil
}

// keepBusy asks for a page many times at once and returns when a tenth is answered.
func keepBusy(ctx context.Context, page string) {
	answered := make(chan struct{}, underWay)
	for range underWay {
		go func() {
			defer func() { answered <- struct{}{} }()
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
			if err != nil {
				return
			}
			if response, err := http.DefaultClient.Do(r); err == nil {
				_ = response.Body.Close()
			}
		}()
	}
	for range underWay / 10 {
		<-answered
	}
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
