// Package browsertest lets tests look at pages as a person does: in a real Chromium, with the keyboard, without
// script, at 320 pixels, and through an accessibility checker. Only tests import it.
package browsertest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"testing"

	cdp "github.com/chromedp/chromedp"
)

// chromium is the one browser of a test binary; its tabs share nothing but the process.
var chromium struct {
	sync.Mutex
	ctx  context.Context
	stop context.CancelFunc
}

// Around runs the tests of a package and stops the browser they used. In TestMain:
//
//	os.Exit(browsertest.Around(m).Run())    // or, beside other servers:
//	testkit.Main(browsertest.Around(m))
func Around(m interface{ Run() int }) interface{ Run() int } { return around{m} }

type around struct{ tests interface{ Run() int } }

func (a around) Run() int {
	defer func() {
		chromium.Lock()
		defer chromium.Unlock()
		if chromium.stop != nil {
			chromium.stop()
		}
	}()
	return a.tests.Run()
}

func browser(t testing.TB) context.Context {
	t.Helper()
	chromium.Lock()
	defer chromium.Unlock()
	if chromium.ctx == nil {
		if err := start(); err != nil {
			t.Fatalf("start Chromium: %v", err)
		}
	}
	return chromium.ctx
}

// start expects the lock to be held.
func start() error {
	path, err := find()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "passerelle-chromium")
	if err != nil {
		return err
	}
	allocator, stop := cdp.NewExecAllocator(context.Background(), flags(path, dir)...)
	ctx, _ := cdp.NewContext(allocator) // ends with its allocator
	chromium.stop = func() {
		stop()
		_ = os.RemoveAll(dir)
	}
	if err := cdp.Do(ctx); err != nil {
		chromium.stop()
		return err
	}
	chromium.ctx = ctx
	return nil
}

func flags(path, dir string) []cdp.ExecAllocatorOption {
	options := append(cdp.DefaultExecAllocatorOptions[:],
		cdp.ExecPath(path),
		cdp.UserDataDir(dir),
		cdp.DisableGPU,
		cdp.Flag("disable-quic", true),
		cdp.Flag("disable-component-update", true),
		cdp.Flag("lang", "fr-FR"),
		cdp.WindowSize(1280, 1000),
	)
	if os.Geteuid() == 0 {
		options = append(options, cdp.NoSandbox) // Chromium refuses its sandbox to root
	}
	return options
}

func find() (string, error) {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("it is not installed: run 'tools/need.sh test' and read what it says")
}
