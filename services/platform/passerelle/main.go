// Command passerelle runs the platform, and lets its operator look after it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"example.org/passerelle/services/platform"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := platform.Main(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "passerelle: "+err.Error())
		os.Exit(1)
	}
}
