package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"example.org/passerelle/api/client"
	"example.org/passerelle/pkg/directory/sample"
)

// play is a story while it is played: which identifiers everything was given.
type play struct {
	*Story
	config      Config
	clients     map[string]*client.ClientWithResponses
	providerIDs []string
	sessionIDs  []string
	flagIDs     []string
	formIDs     [piles][]string // of the campaign of 2020
	referralIDs []string
	waits       []bool // by referral
	done        int
}

func newPlay(c Config, s *Story) (*play, error) {
	p := &play{
		Story: s, config: c, clients: map[string]*client.ClientWithResponses{}, providerIDs: make([]string, len(s.providers)),
		sessionIDs: make([]string, len(s.sessions)), flagIDs: make([]string, len(s.flags)), referralIDs: make([]string, len(s.referrals)),
		waits: make([]bool, len(s.referrals)),
	}
	for n, one := range s.providers {
		p.providerIDs[n] = one.id
	}
	return p, p.meet()
}

// meet makes a client for each account of the demo.
func (p *play) meet() (err error) {
	carry := &http.Client{Transport: p.config.HTTP, Timeout: patience}
	for _, a := range sample.Accounts() {
		tokens := &client.Credentials{Address: p.config.Address + "/oauth2/token", ID: a.ID, Secret: p.config.Secret, HTTP: carry}
		if p.clients[a.ID], err = client.New(p.config.Address, client.Options{HTTP: carry, Tokens: tokens}); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) as(account string) *client.ClientWithResponses { return p.clients[account] }

// answering is who answers a request.
func (p *play) answering(r referral) *client.ClientWithResponses {
	return p.as(p.providers[p.sessions[r.session].provider].account)
}

// atOnce is how many commands run beside each other.
const atOnce = 16

// wave plays a moment.
func (p *play) wave(ctx context.Context, w wave) error {
	if err := p.config.Move(ctx, w.at); err != nil {
		return err
	}
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, lane := range p.lanes(w.acts) {
		first := p.done
		p.done += len(lane)
		group.Go(func() error {
			for n, a := range lane {
				if err := p.insist(working, a, fmt.Sprintf("demo-%d", first+n)); err != nil {
					return fmt.Errorf("%T: %w", a, err)
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return p.config.Settle(ctx)
}

// lanes puts together what comes one after the other.
func (s *Story) lanes(acts []act) [][]act {
	var list [][]act
	place := map[string]int{}
	for _, a := range acts {
		lane := a.lane(s)
		n, ok := place[lane]
		if !ok || lane == "" {
			n = len(list)
			place[lane] = n
			list = append(list, nil)
		}
		list[n] = append(list[n], a)
	}
	return list
}

const (
	patience = 30 * time.Second
	tries    = 20
	rest     = 200 * time.Millisecond
)

// insist sends a command again, as the same command, while the house is too busy to answer.
func (p *play) insist(ctx context.Context, a act, key string) (err error) {
	for range tries {
		err = a.do(ctx, p, client.Key(key))
		var problem *client.Problem
		if !errors.As(err, &problem) || problem.Status != http.StatusServiceUnavailable {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rest):
		}
	}
	return err
}
