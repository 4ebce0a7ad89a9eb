// Command passerelle runs the platform, and lets its operator look after it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"example.org/passerelle/services/platform"
)

// garbage is how much the heap may grow, in per cent of what lives, before it is collected; GOGC in the environment says
// otherwise. Much of what lives are whole blocks of streams that come and go with the traffic (8 MiB each), and Go's own 100
// keeps as much again. A file of 20,000 places took 64 to 83 MiB more than one of a tenth with 100, and 51 to 54 with 60.
const garbage = 60

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := platform.Main(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "passerelle: "+err.Error())
		os.Exit(1)
	}
}
