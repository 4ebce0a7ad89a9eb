package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"time"
)

const (
	cancelledRounds = 20
	cancelledPeople = 8
	cancelledSeats  = 6   // elsewhere: two people have nothing held
	mostCancelled   = 1.0 // seconds
)

// cancelled measures, in a whole `passerelle run`, how long it takes from the cancellation of a session with eight people until
// eight lines stand at the top of the desk's list of the day, and until each says what is held for them: the worst of the rounds.
func cancelled(ctx context.Context, dir string) (rows []row, err error) {
	binary, err := built(ctx, dir)
	if err != nil {
		return nil, err
	}
	err = whileItRuns(ctx, binary, filepath.Join(dir, "cancelled"), func(_ int, address string) error {
		d, err := newDesk(ctx, address)
		if err != nil {
			return err
		}
		var lines, held time.Duration
		for round := range cancelledRounds {
			l, h, err := d.round(ctx, round)
			if err != nil {
				return fmt.Errorf("round %d: %w", round, err)
			}
			lines, held = max(lines, l), max(held, h)
		}
		name := fmt.Sprintf("a cancelled session, worst of %d", cancelledRounds)
		rows = []row{withinTenths(name+": eight lines at the top", lines, mostCancelled), withinTenths(name+": each with what is held", held, mostCancelled)}
		return nil
	})
	return rows, err
}

func withinTenths(name string, took time.Duration, most float64) row {
	seconds := took.Seconds()
	return row{name, "s", fmt.Sprintf("%.3f", seconds), fmt.Sprintf("≤ %.1f", most), seconds <= most}
}

// desk is an advisor and a provider at work.
type desk struct {
	address           string
	advisor, provider string // tokens
}

func newDesk(ctx context.Context, address string) (d desk, err error) {
	d.address = address
	if d.advisor, err = tokenOf(ctx, address, "advisor-34"); err != nil {
		return d, err
	}
	d.provider, err = tokenOf(ctx, address, "provider-a")
	return d, err
}

type fields = map[string]any

// round has eight people with a seat each, cancels their session, and looks at the list.
func (d desk) round(ctx context.Context, n int) (lines, held time.Duration, err error) {
	gone, err := d.session(ctx, cancelledPeople, 30, "immediate")
	if err != nil {
		return 0, 0, err
	}
	flags := map[string]bool{}
	for i := range cancelledPeople {
		flag, err := d.seated(ctx, n*cancelledPeople+i, gone)
		if err != nil {
			return 0, 0, err
		}
		flags[flag] = true
	}
	if _, err := d.session(ctx, cancelledSeats, 40, "on_request"); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	_, position, err := d.post(ctx, d.provider, "/sessions/"+gone+"/cancel", fields{"reason": "animator"})
	for err == nil && (lines == 0 || held == 0) {
		var atTop, kept int
		atTop, kept, err = d.today(ctx, position, flags)
		if lines == 0 && atTop == cancelledPeople {
			lines = time.Since(began)
		}
		if kept == cancelledSeats {
			held = time.Since(began)
		}
		if took := time.Since(began); took > 30*time.Second {
			return 0, 0, fmt.Errorf("%d lines and %d held seats after %s", atTop, kept, took)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return lines, held, err
}

// session is one of a provider, in so many days.
func (d desk) session(ctx context.Context, seats, days int, booking string) (string, error) {
	first := time.Now().AddDate(0, 0, days).Truncate(time.Hour)
	s := fields{
		"provider_id": "provider-a", "title": "Atelier Exemple", "mode": "in_person", "skills": []string{"internet", "email"}, "insee": "34172", "place": "Salle Exemple",
		"capacity": seats, "minimum": 1, "meetings": []fields{{"starts_at": first.Format(time.RFC3339), "ends_at": first.Add(2 * time.Hour).Format(time.RFC3339)}},
		"languages": []string{"fr"}, "accessible": true, "lends_equipment": true, "booking": booking,
	}
	if booking == "immediate" {
		s["immediate_seats"] = seats
	}
	answer, _, err := d.post(ctx, d.provider, "/sessions", s)
	return answer.ID, err
}

// seated is the flag of somebody who has a seat.
func (d desk) seated(ctx context.Context, n int, session string) (string, error) {
	flag, position, err := d.post(ctx, d.advisor, "/flags", fields{
		"programme": "reperage-lr", "finding_date": time.Now().Format(time.DateOnly),
		"person": fields{
			"given_name": "Zélie", "family_name": "Exemple" + letters(n), "birth_date": "1950-02", "phone": fmt.Sprintf("+334657134%02d", n%100),
			"address": fields{"street": fmt.Sprintf("%d rue Imaginaire", n+1), "postcode": "34000", "insee": "34172"},
		},
		"consents": fields{"study": true, "referral": true, "given": "oral", "by": "person"}, "answers": fields{"training_need": true},
	})
	if err != nil {
		return "", err
	}
	made, _, err := d.postAt(ctx, d.advisor, position, "/referrals", fields{"flag_id": flag.ID, "session_id": session})
	if err == nil && made.Seat != "taken" {
		err = fmt.Errorf("the seat is %s", made.Seat)
	}
	return flag.ID, err
}

// letters are a number as a name may have it.
func letters(n int) string {
	return string([]byte{byte('a' + n/676%26), byte('a' + n/26%26), byte('a' + n%26)})
}

// today is how many lines of these flags stand at the top of the list, and how many of them have a seat held.
func (d desk) today(ctx context.Context, position string, flags map[string]bool) (atTop, kept int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.address+"/api/v1/desks/montpellier/today", nil)
	if err != nil {
		return 0, 0, err
	}
	r.Header.Set("Authorization", "Bearer "+d.advisor)
	r.Header.Set("Passerelle-Position", position)
	var list struct {
		Items []struct {
			Kind, Alternative string
			FlagID            string `json:"flag_id"`
		}
	}
	if err := answered(r, &list); err != nil {
		return 0, 0, err
	}
	for _, line := range list.Items {
		if line.Kind != "session_cancelled" { // they come first
			break
		}
		if flags[line.FlagID] {
			atTop++
			if !slices.Contains([]string{"", "none"}, line.Alternative) {
				kept++
			}
		}
	}
	return atTop, kept, nil
}

// posted is what is read of an answer.
type posted struct{ ID, Seat string }

func (d desk) post(ctx context.Context, token, path string, body fields) (posted, string, error) {
	return d.postAt(ctx, token, "", path, body)
}

func (d desk) postAt(ctx context.Context, token, position, path string, body fields) (answer posted, told string, err error) {
	data, err := json.Marshal(body)
	if err != nil {
		return answer, "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.address+"/api/v1"+path, bytes.NewReader(data))
	if err != nil {
		return answer, "", err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if position != "" {
		r.Header.Set("Passerelle-Position", position)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		return answer, "", fmt.Errorf("%s: %d %s", path, response.StatusCode, text)
	}
	return answer, response.Header.Get("Passerelle-Position"), json.Unmarshal(text, &answer)
}
