package portal

import (
	"net/http"
	"net/url"

	"example.org/passerelle/api/client"
)

var flagsRoutes = []Route{
	{Method: http.MethodGet, Path: "/signalements", page: listFlags},
}

// flagList is a page of flags.
type flagList struct {
	form

	words words
	items []flagLine
	next  *string
	path  string
}

// flagLine is a flag in words.
type flagLine struct {
	Path, Reference, Who  string
	Desk, Age, Found      string
	Status, StatusText    string
	Help, HelpText, Until string
	Next                  string // step, in words
}

// listFlags shows the flags of the caller's teams. What waits is shown oldest first.
func listFlags(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	page := flagList{form: form{values: v.r.URL.Query()}, words: w}
	page.path = "/signalements?" + url.Values{"etat": {page.value("etat")}, "aide": {page.value("aide")}}.Encode()
	asked := client.ListFlagsParams{Status: page.text("etat"), Help: page.text("aide"), Cursor: page.text("suite")}
	if page.value("etat") == "submitted" || page.value("aide") == "to_refer" {
		oldest := "age"
		asked.Sort = &oldest
	}
	answer, err := v.api.ListFlagsWithResponse(v.ctx, &asked)
	if err != nil {
		return err
	}
	page.next = answer.JSON200.Next
	for _, f := range answer.JSON200.Items {
		page.items = append(page.items, w.flagLine(f))
	}
	return v.show(http.StatusOK, page.heading(), flagsView(page))
}

func (p flagList) heading() string {
	switch {
	case p.value("etat") == "submitted" && p.value("aide") == "":
		return "Signalements à valider"
	case p.value("aide") == "to_refer" && p.value("etat") == "":
		return "Personnes à orienter"
	}
	return "Signalements"
}

func (w words) flagLine(f client.FlagLine) flagLine {
	line := flagLine{
		Path: "/signalements/" + f.ID, Reference: f.Reference, Who: whoOf(f.PersonID, f.Person), Desk: w.desk(f.Desk).Name,
		Age: ageText(f.AgeDays), Found: dayText(f.FindingDate),
		Status: f.Status, StatusText: w.of("flag_status", f.Status), Help: f.Help, HelpText: w.of("help", f.Help),
	}
	if f.NextStep.What != "none" {
		line.Next = w.next(f.NextStep)
	}
	if f.Deadline != nil {
		line.Until = "avant le " + dayText(*f.Deadline)
	}
	return line
}

// whoOf is somebody on a list.
func whoOf(id *string, name *client.PersonName) string {
	switch {
	case id == nil:
		return "Personne non nommée"
	case name == nil:
		return "Données effacées"
	}
	return full(name.GivenName, name.FamilyName)
}
