// Package demo fills an empty installation with a year that never was: invented people of the Hérault and the
// Nièvre, flagged, referred, seated and lent a tablet, and the campaign of 2020 as its study was published. It is a
// client of the public REST surface and nothing else: whatever it leaves behind, somebody could have done by hand.
//
// Story writes the year down, from a fixed seed and a day; Fill plays it.
package demo

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Config is what a fill needs.
type Config struct {
	Address string            // of the REST surface
	HTTP    http.RoundTripper // that carries requests there
	Secret  string            // of the demo's accounts
	Today   time.Time         // the year ends on this day in Paris; nothing happens on the day itself
	// Move puts the clock of the installation somewhere, and returns when everything that became due was done.
	Move func(context.Context, time.Time) error
	// Settle returns when everybody has heard everything.
	Settle   func(context.Context) error
	Progress func(month time.Time, people int)
}

// Fill plays the year. It stops at the first refusal: the year is written so that none is met.
func Fill(ctx context.Context, c Config) error {
	story := Write(c.Today)
	p, err := newPlay(c, story)
	if err != nil {
		return err
	}
	var month time.Month
	people := 0
	for _, w := range story.waves {
		if w.at.Month() != month {
			month = w.at.Month()
			c.Progress(w.at, people)
		}
		if err := p.wave(ctx, w); err != nil {
			return fmt.Errorf("demo, %s: %w", w.at.Format(time.DateOnly), err)
		}
		people += w.people()
	}
	return nil
}
