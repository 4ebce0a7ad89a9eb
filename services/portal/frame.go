package portal

import (
	"net/http"
	"strings"
)

var frameRoutes = []Route{
	{Method: http.MethodGet, Path: "/{$}", page: home},
	{Method: http.MethodGet, Path: "/connexion", Public: true, page: signInPage},
	{Method: http.MethodPost, Path: "/connexion", Public: true, page: signIn},
	{Method: http.MethodGet, Path: "/connexion/aller", Public: true, page: goSignIn},
	{Method: http.MethodGet, Path: returnPath, Public: true, page: signInReturn},
	{Method: http.MethodPost, Path: "/deconnexion", page: signOut},
	{Method: http.MethodGet, Path: "/accessibilite", Public: true, page: accessibility},
}

// frame is what every page has around it.
type frame struct {
	Title string // of the page; with faults it begins with "Erreur : "
	User  user
	Path  string
	Flash string
	Demo  bool
}

// link is an entry of the navigation.
type link struct{ Text, Path string }

// navigation is what this user can go to.
func (f frame) navigation() []link {
	u := f.User
	var list []link
	add := func(is bool, text, path string) {
		if is {
			list = append(list, link{text, path})
		}
	}
	add(u.Account != "", "Accueil", "/")
	add(u.refers(), "Aujourd’hui", "/aujourdhui")
	add(u.flags(), "Signaler", u.start())
	add(u.flags(), "Signalements", "/signalements")
	add(u.reviews(), "Relectures", "/relectures")
	add(u.answers(), "Demandes", "/demandes")
	add(u.sessions(), "Ateliers", "/ateliers")
	add(u.sessions(), "Lieux", placesPath)
	add(u.sessions(), providersTitle, providersPath)
	add(u.lends(), stockTitle, stockPath)
	add(u.seesGrants(), grantsTitle, grantsPath)
	add(u.seesCalls(), moneyTitle, moneyPath)
	add(u.accompanies(), "Rendez-vous", diaryPath)
	add(u.figures(), "Tableau de bord", "/tableau-de-bord")
	add(u.observes(), observatoryTitle, observatoryPath)
	add(u.closesCampaigns(), "Campagnes", "/campagnes")
	add(u.is("partnership_officer", "referent", "analyst", "administrator"), "Programmes", programmesPath)
	add(u.protects(), privacyTitle, privacyPath)
	add(u.protects(), "Échéances", retentionPath)
	add(u.watches(), accessesTitle, accessesPath)
	add(u.administers(), "Habilitations", "/habilitations")
	add(u.administers(), "Annuaire", "/annuaire")
	add(u.is("provider"), "Mes collègues", "/habilitations")
	return list
}

// start is where flagging begins: with a search for those who may search.
func (u user) start() string {
	if u.searches() {
		return "/personnes"
	}
	return "/signalements/nouveau"
}

// current tells whether an entry is the page that is shown, or the one it belongs to.
func (f frame) current(l link) bool { return l.Path == f.section() }

// section is the entry that the page is under: the longest one that its address begins with. Nothing is under the home page.
func (f frame) section() (section string) {
	path := f.Path
	for _, w := range f.User.within() {
		if under(path, w.path) && strings.HasSuffix(path, w.end) {
			path = w.entry
			break
		}
	}
	for _, l := range f.navigation() {
		if (l.Path == path || l.Path != "/" && under(path, l.Path)) && len(l.Path) > len(section) {
			section = l.Path
		}
	}
	return section
}

func under(path, entry string) bool { return path == entry || strings.HasPrefix(path, entry+"/") }

// aside are pages that belong to an entry which their address does not begin with.
type aside struct{ path, end, entry string }

func (u user) within() []aside {
	return []aside{
		{"/signalements/nouveau", "", u.start()}, {"/signalements/refus", "", u.start()}, {paperPath, "", u.start()}, {quickPath, "", u.start()},
		{"/renseignements", "", u.start()}, {"/brouillons", "", u.start()}, {"/orientations", "", "/signalements"}, {"/courriers", "", "/signalements"},
		{"/alertes", "", "/aujourdhui"}, {lastSeatsPath, "", "/aujourdhui"}, {loansPath, "", stockPath}, {"/recommandations", "", observatoryPath},
		{"/imports", "/materiel", stockPath}, {"/imports", "/lieux", placesPath}, {"/imports", "", "/signalements"},
	}
}

func accessibility(v *visit) error {
	return v.show(http.StatusOK, "Accessibilité", accessibilityPage())
}
