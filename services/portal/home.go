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
	add(u.reviews(), c.ToReview, "signalement à valider", "signalements à valider", "/signalements?etat=submitted")
	add(u.refers(), c.ToRefer, "personne à orienter", "personnes à orienter", "/signalements?aide=to_refer")
	add(u.refers(), c.Waiting, "orientation en attente d’une réponse ou d’une place", "orientations en attente d’une réponse ou d’une place", "/orientations")
	add(u.answers(), c.ToAnswer, "demande attend votre réponse", "demandes attendent votre réponse", "/demandes")
	return v.show(http.StatusOK, "Accueil", homePage(u, tiles))
}
