package portal

import (
	"strings"
	"time"

	"example.org/passerelle/api/client"
)

func funnelParams(f filter) *client.GetFunnelParams {
	return &client.GetFunnelParams{From: &f.Period.From, To: &f.Period.To, By: &f.By, Department: optional(f.Department)}
}

// capacityParams asks for a series by what sessions have too, else by month.
func capacityParams(f filter) *client.GetCapacityParams {
	by := f.By
	if by != "department" {
		by = "month"
	}
	return &client.GetCapacityParams{From: &f.Period.From, To: &f.Period.To, By: &by, Department: optional(f.Department)}
}

func cards(f client.Funnel, c client.Capacity) []card {
	seats := c.Seats
	return []card{
		{number(f.N), "signalements", "sur la période"},
		{percent(f.Parts.Seated, f.N), "ont une place", number(f.Parts.Seated) + " sur " + number(f.N)},
		{number(f.Parts.ToRefer + f.Parts.ToReview), "attendent une orientation", "dont " + number(f.Parts.ToReview) + " à valider d’abord"},
		{percent(seats.Taken, seats.Capacity), "des places sont prises", number(seats.Taken) + " sur " + number(seats.Capacity)},
	}
}

// counted is how many of all there are of something.
type counted struct {
	label string
	n     int
}

// ofAll has a bar for each count, with its share in words.
func (c chart) ofAll(all int, list []counted) chart {
	for _, one := range list {
		c.Bars = append(c.Bars, bar{Label: one.label, Values: []int{one.n}, Words: number(one.n) + " (" + percent(one.n, all) + ")"})
	}
	return c
}

// stages tell how far people came.
func stages(f client.Funnel) chart {
	c := chart{Title: "Du signalement à la place", Column: "Étape", Names: []string{"signalements"},
		Note: "Combien de signalements sont arrivés au moins jusque-là."}
	return c.ofAll(f.N, []counted{
		{"Signalés", f.Stages.Flagged}, {"Validés", f.Stages.Validated}, {"Orientés", f.Stages.Referred},
		{"Acceptés par un prestataire", f.Stages.Accepted}, {"Avec une place", f.Stages.Seated},
	})
}

// parts tell where everybody stands now.
func parts(f client.Funnel) chart {
	p := f.Parts
	c := chart{Title: "Où en sont ces signalements", Column: "Situation", Names: []string{"signalements"},
		Note: "Chaque signalement est compté une fois."}
	return c.ofAll(f.N, []counted{
		{"Ont une place", p.Seated}, {"Sur liste d’attente", p.Waiting}, {"Demande sans réponse encore", p.Asked}, {"À orienter", p.ToRefer}, {"À valider d’abord", p.ToReview},
		{"Refusés", p.Declined}, {"Restés sans réponse", p.Expired}, {"Demande retirée", p.Withdrawn}, {"Sans suite demandée", p.NoHelp},
	})
}

func funnelSeries(w words, f client.Funnel) chart {
	by := by(f.By)
	c := chart{Title: "Signalements, par " + inSentence(by), Column: label(by), Names: []string{"avec une place", "en cours", "sans suite"},
		Note: "En cours\u00a0: à valider, à orienter, en attente d’une réponse ou d’une place."}
	for _, line := range f.Series {
		p := line.Parts
		under := p.Waiting + p.Asked + p.ToRefer + p.ToReview
		c.Bars = append(c.Bars, bar{Label: w.key(by, line.Key), Values: []int{p.Seated, under, line.N - p.Seated - under}})
	}
	return c
}

func seats(w words, f client.Capacity) chart {
	by := by(f.By)
	c := chart{Title: "Places des ateliers, par " + inSentence(by), Column: label(by), Names: []string{"prises", "réservées", "libres"},
		Note: "Ateliers dont la première séance tombe dans la période. Une place réservée attend la réponse du prestataire."}
	for _, line := range f.Series {
		s := line.Seats
		c.Bars = append(c.Bars, bar{Label: w.key(by, line.Key), Values: []int{s.Taken, s.Held, s.Free}})
	}
	return c
}

func by(code *string) string {
	if code == nil {
		return "month"
	}
	return *code
}

// label is the heading of a column.
func label(by string) string {
	for _, c := range byLabels {
		if c.Value == by {
			return c.Label
		}
	}
	return by
}

func inSentence(by string) string { return strings.ToLower(label(by)) }

// key is what a line of a series is about.
func (w words) key(by, key string) string {
	if by != "month" {
		return w.of(by, key)
	}
	at, err := time.Parse("2006-01", key)
	if err != nil {
		return key
	}
	return months[at.Month()-1] + " " + at.Format("2006")
}
