package projections

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"
)

// trustWords are plain, unlike each other on the phone, and offend nobody.
var trustWords = strings.Fields(`
abeille abricot acacia agneau alouette amande ananas ancre arbre argile armoire artichaut asperge avoine balcon baleine balle banane
barque bateau bermuda biscuit blé bleuet boussole bouton brebis brioche brise bruyère cabane cachemire café caillou calendrier canal canard cannelle
carotte carreau cascade cerise cerisier chamois chapeau charrue château chemise chêne chocolat citron clairière clarinette cloche clocher colline
colombe compas coquillage corail cordage coton coquelicot cyprès dentelle dimanche domino dragée écharpe écureuil édredon émeraude érable escalier
étoile fanfare farine fauteuil fenêtre figue flocon flûte fontaine forêt fougère framboise galet garrigue gazelle genêt girafe givre glycine
grenade guitare hamac harpe hérisson hibou hirondelle horloge horizon îlot iris jardin jasmin jonquille kiwi laine lampe lanterne laurier lavande
lentille lilas litchi luge lundi magnolia mandarine maïs marguerite marin marmotte melon menthe merle mésange miel mimosa moineau moulin mouton muguet myrtille
navette neige noisette nougat nuage oasis olive olivier orange orchidée osier oursin pagaie palmier panier papillon parasol parapluie pastèque pavot pêcher pelote
perdrix pervenche phare piano pinson pissenlit pivoine plume pommier poterie prairie prune quai radis raisin refuge réglisse renard rivière rocher roseau rosier
ruban ruche sable safran samedi sapin sardine savon sentier serin soie soleil sorbet source tambour tapis thym tilleul tomate tournesol trèfle tulipe turquoise
vague vallon vanille velours verger vigne violette violon voilier volcan wagon yaourt zèbre`)

// wordOf is the word of trust of a person: their letters tell it, and who rings them says it. It is the same as long as the installation
// has its secret, and nobody who lacks that can work it out.
func (s *Service) wordOf(person string) string {
	if person == "" {
		return trustWords[0]
	}
	mac := hmac.New(sha256.New, s.Secret)
	mac.Write([]byte("word of trust\x00" + person))
	return trustWords[binary.BigEndian.Uint64(mac.Sum(nil))%uint64(len(trustWords))]
}
