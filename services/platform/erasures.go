package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/erasure"
	"example.org/passerelle/services/detection"
)

// erasuresPath is the file of the register; empty where a process that runs apart was given none.
func (i *installation) erasuresPath() string {
	if i.config.Erasures == "" && i.folder != nil {
		return i.folder.join("erasures")
	}
	return i.config.Erasures
}

var errNoRegister = errors.New("PASSERELLE_ERASURES is missing: give the file of the register of erasures, the same for every detection process, and in no backup of the database")

// openRegister opens the register of erasures. Who erases, or applies it, cannot do without; the others do not need it.
func (i *installation) openRegister(needed bool) (err error) {
	path := i.erasuresPath()
	if path == "" {
		if needed {
			return errNoRegister
		}
		return nil
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	if i.erasures, err = erasure.Open(path); err != nil {
		return fmt.Errorf("PASSERELLE_ERASURES: %w", err)
	}
	return nil
}

// applyErasures makes sure, before anybody is answered, that who was erased is: keys and ledger may have come from an
// older backup. Where this process keeps the ledger of detection, and that is right, it tells what that lacks.
func (i *installation) applyErasures(ctx context.Context, tell bool) (detection.Applied, error) {
	if i.erasures == nil {
		return detection.Applied{}, nil
	}
	e := &engine.Engine{Service: detection.Name, Vault: i.vault, Codec: i.vault.Codec(nil), Clock: i.clock, Log: i.log, Erasures: i.erasures}
	if l, ok := i.ledgers[detection.Name]; ok && tell {
		e.Ledger = l
	}
	applied, err := detection.ApplyErasures(ctx, e)
	if err != nil {
		return applied, fmt.Errorf("apply the register of erasures: %w", err)
	}
	if len(applied.Destroyed)+len(applied.Told) > 0 {
		i.log.Warn("an older backup had brought erased people back: they are erased again", "keys", len(applied.Destroyed), "told", len(applied.Told))
	}
	return applied, nil
}

// erasuresHeard waits until the read models know what the register had to tell.
func (i *installation) erasuresHeard(ctx context.Context, applied detection.Applied) error {
	if len(applied.Told) == 0 {
		return nil
	}
	head, err := i.ledgers[detection.Name].Head(ctx)
	if err != nil {
		return err
	}
	for _, r := range i.serving.readers() {
		if !slices.Contains(r.Services, detection.Name) {
			continue
		}
		if err := r.Hub.Wait(ctx, detection.Name, head.Position); err != nil {
			return err
		}
	}
	return nil
}

// erasuresApply is for who restores a backup of a house whose services run apart, before they are started; and to look.
// A ledger that is older than its stream is told nothing: that would make two histories of it.
func erasuresApply(ctx context.Context, i *installation, _ url.Values, out io.Writer) error {
	if i.erasures == nil {
		if err := i.openRegister(true); err != nil {
			return err
		}
	}
	var behind error
	if i.serving == nil {
		behind = i.compare(ctx, detection.Name)
	}
	applied, err := i.applyErasures(ctx, behind == nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d in the register, %d keys destroyed again, %d erasures told again\n", applied.Registered, len(applied.Destroyed), len(applied.Told))
	if behind != nil {
		return fmt.Errorf("nothing is told before the ledger is right, run this once more then: %w", behind)
	}
	return nil
}
