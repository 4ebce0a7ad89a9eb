package portal

import "net/http"

// tile is one thing that waits, with its count.
type tile struct {
	Count int
	Text  string // after the count: signalements à valider
	Path  string
}

// home shows what needs doing today.
func home(v *visit) error {
	me, err := v.api.GetMeWithResponse(v.ctx)
	if err != nil {
		return err
	}
	c, u := me.JSON200.Counts, v.user
	var tiles []tile
	add := func(is bool, n int, one, many, path string) {
		if is {
			text := many
			if n < 2 {
				text = one
			}
			tiles = append(tiles, tile{n, text, path})
		}
	}
	day, err := v.dayCounts()
	if err != nil {
		return err
	}
	add(u.refers(), day.all, "ligne à faire aujourd’hui", "lignes à faire aujourd’hui", "/aujourdhui")
	add(day.returned > 0, day.returned, "signalement renvoyé par le référent", "signalements renvoyés par le référent", "/signalements?etat=returned")
	add(day.signals > 0, day.signals, "alerte d’une autre équipe", "alertes d’autres équipes", "/alertes")
	add(u.reviews(), c.ToReview, "signalement à relire", "signalements à relire", "/relectures")
	add(u.refers(), c.ToRefer, "personne à orienter", "personnes à orienter", "/signalements?aide=to_refer")
	add(u.refers(), c.Waiting, "orientation en attente d’une réponse ou d’une place", "orientations en attente d’une réponse ou d’une place", "/orientations")
	add(u.answers(), c.ToAnswer, "demande attend votre réponse", "demandes attendent votre réponse", "/demandes")
	return v.show(http.StatusOK, "Accueil", homePage(u, tiles))
}

// dayCount is what waits on the day's lists of the caller's desks.
type dayCount struct{ all, returned, signals int }

func (v *visit) dayCounts() (n dayCount, err error) {
	if !v.user.refers() {
		return n, nil
	}
	for _, desk := range v.user.Desks {
		answer, err := v.api.GetTodayWithResponse(v.ctx, desk)
		if err != nil {
			return n, err
		}
		for kind, lines := range answer.JSON200.Counts {
			if kind != "mine" { // these are counted under their own kind too
				n.all += lines
			}
		}
		n.returned += answer.JSON200.Counts["returned"]
		n.signals += answer.JSON200.Counts["signal"]
	}
	return n, nil
}
