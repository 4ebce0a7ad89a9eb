package reference

import "strings"

var accessories = map[string]string{
	"charger": "chargeur", "cable": "câble", "cover": "housse", "stylus": "stylet", "keyboard": "clavier", "mouse": "souris", "headset": "casque",
	"sim_card": "carte SIM", "manual": "mode d’emploi",
}

var conditions = map[string]string{"good": "bon", "worn": "usagé", "damaged": "abîmé", "broken": "hors d’usage"}

// Accessories are what goes with a tablet, in one line.
func Accessories(codes []string) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = accessories[code]
	}
	return strings.Join(words, ", ")
}

// TabletState is the state of a tablet, in French; empty where there is no such code.
func TabletState(code string) string { return conditions[code] }
