package portal

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

var reviewRoutes = []Route{
	{Method: http.MethodGet, Path: "/relectures", page: reviewList},
	{Method: http.MethodPost, Path: "/relectures", page: validateMany},
	{Method: http.MethodGet, Path: "/relectures/{id}", page: reviewPage},
	{Method: http.MethodPost, Path: "/relectures/{id}/valider", page: deciding(reviewDecisions["valider"])},
	{Method: http.MethodPost, Path: "/relectures/{id}/renvoyer", page: deciding(reviewDecisions["renvoyer"])},
	{Method: http.MethodPost, Path: "/relectures/{id}/reclasser", page: deciding(reviewDecisions["reclasser"])},
	{Method: http.MethodPost, Path: "/relectures/{id}/ecarter", page: deciding(reviewDecisions["ecarter"])},
}

const reviewTitle = "Signalements à relire"

// worklist is what waits for a referent: a group for each unit, the oldest first.
type worklist struct {
	form

	units, programmes []choice
	groups            []reviewGroup
	total             int
	next              *string
	refused           []refusedLine // of a bulk validation
}

// reviewGroup is what waits in one unit.
type reviewGroup struct {
	ID, Unit string
	Lines    []reviewLine
}

// reviewLine is a flag that waits.
type reviewLine struct {
	ID, Path, Reference, Who, Programme string
	Age, Until, Overdue                 string
	Hints                               []string
}

// refusedLine is a flag that was not validated with the others, and why.
type refusedLine struct{ Path, Reference, Why string }

func reviewList(v *visit) error {
	page, err := v.worklist(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, reviewTitle, reviewListView(page))
}

func (v *visit) worklist(f form) (worklist, error) {
	if !v.user.reviews() {
		return worklist{}, &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return worklist{}, err
	}
	programmes, err := v.reviewed()
	if err != nil {
		return worklist{}, err
	}
	page := worklist{form: f, programmes: slices.DeleteFunc(w.flagProgrammes(v.user.Fund), func(c choice) bool { return !programmes[c.Value] })}
	if len(v.user.Desks) > 1 {
		page.units = w.deskChoices(v.user.Desks)
	}
	answer, err := v.api.ListFlagsWithResponse(v.ctx, waitingFor(f))
	if err != nil {
		return page, err
	}
	page.next = answer.JSON200.Next
	today := v.Now().In(reference.Paris).Format(time.DateOnly)
	for _, line := range answer.JSON200.Items {
		if !programmes[line.Programme] {
			continue
		}
		page.total++
		page.add(w.desk(line.Desk), w.reviewLine(line, page.query(), today))
	}
	return page, nil
}

// reviewed are the programmes whose flags wait for a referent; under the others they count at once.
func (v *visit) reviewed() (map[string]bool, error) {
	rules, err := v.fundProgrammes()
	list := map[string]bool{}
	for _, r := range rules {
		list[r.ID] = r.Reviewed || r.ReviewFirst
	}
	return list, err
}

// waitingFor asks for what waits, the oldest first.
func waitingFor(f form) *client.ListFlagsParams {
	return &client.ListFlagsParams{
		Status: new("submitted"), Sort: new("age"), Limit: new(mostValidated), Desk: f.text("unite"), Programme: f.text("programme"), Cursor: f.text("suite"),
	}
}

// mostValidated is how many are validated at once, and so how many a page holds.
const mostValidated = 50

// query keeps the filters from page to page.
func (p worklist) query() string { return filtersOf(p.form) }

func filtersOf(f form) string {
	values := url.Values{}
	for _, name := range []string{"unite", "programme"} {
		if f.value(name) != "" {
			values.Set(name, f.value(name))
		}
	}
	return values.Encode()
}

func (p *worklist) add(unit client.Desk, line reviewLine) {
	i := slices.IndexFunc(p.groups, func(g reviewGroup) bool { return g.ID == unit.ID })
	if i < 0 {
		i = len(p.groups)
		p.groups = append(p.groups, reviewGroup{ID: unit.ID, Unit: unit.Name})
	}
	p.groups[i].Lines = append(p.groups[i].Lines, line)
}

func (w words) reviewLine(f client.FlagLine, query, today string) reviewLine {
	line := reviewLine{
		ID: f.ID, Path: withQuery("/relectures/"+f.ID, query), Reference: f.Reference, Who: whoOf(f.PersonID, f.Person),
		Programme: w.of("programme", f.Programme), Age: ageText(f.AgeDays), Overdue: overdue(f, today),
	}
	for _, code := range f.ReviewHints {
		line.Hints = append(line.Hints, sentence(reviewHints, code))
	}
	if f.Deadline != nil {
		line.Until = "Aide nécessaire avant le " + dayText(*f.Deadline)
	}
	return line
}

// ageText is since when something waits.
func ageText(days int) string {
	if days == 0 {
		return "Aujourd’hui"
	}
	return count(days, "jour", "jours")
}

// reviewDays is how long a review may take where something else comes first for the person.
const reviewDays = 7

// overdue says that the review is late, empty when it is not.
func overdue(f client.FlagLine, today string) string {
	by := f.NextStep.By
	switch late := f.NextStep.What == "review" && by != nil && *by < today; {
	case late:
		return "En retard depuis le " + dayText(*by)
	case f.NextStep.What != "review" && f.AgeDays > reviewDays:
		return "En retard"
	}
	return ""
}

func withQuery(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// validateMany validates what was ticked, and says what was not validated and why.
func validateMany(v *visit) error {
	f := v.form()
	if len(f.list("signalement")) == 0 {
		f.refuse("signalement", "Cochez au moins un signalement")
		return v.worklistRefused(f, nil)
	}
	answer, err := v.api.ValidateFlagsWithResponse(v.ctx, client.ManyFlags{Ids: f.list("signalement")}, v.key())
	if p, ok := problem(err, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{Member: "ids", Input: "signalement", Label: "Signalements"}})
		return v.worklistRefused(f, nil)
	}
	if err != nil {
		return err
	}
	done := validatedSentence(len(answer.JSON200.Validated))
	if len(answer.JSON200.Failed) == 0 {
		return v.done(withQuery("/relectures", filtersOf(f)), done)
	}
	v.sessions.Put(v.ctx, keyFlash, done)
	return v.worklistRefused(f, answer.JSON200.Failed)
}

func validatedSentence(n int) string {
	if n == 0 {
		return "Aucun signalement n’est validé."
	}
	return count(n, "signalement est validé.", "signalements sont validés.")
}

// worklistRefused shows the list again with what was not validated; what was ticked stays ticked.
func (v *visit) worklistRefused(f form, failed []client.NotValidated) error {
	page, err := v.worklist(f)
	if err != nil {
		return err
	}
	for _, one := range failed {
		reference, err := v.reference(one.ID)
		if err != nil {
			return err
		}
		page.refused = append(page.refused, refusedLine{withQuery("/relectures/"+one.ID, page.query()), reference, general(one.Code)})
	}
	page.values.Del("cle") // what is sent next is something else
	if len(failed) > 0 {
		return v.show(http.StatusOK, reviewTitle, reviewListView(page))
	}
	return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+reviewTitle, reviewListView(page))
}

// reference is how people call a flag, whether it waits still or not.
func (v *visit) reference(id string) (string, error) {
	answer, err := v.api.GetFlagWithResponse(v.ctx, id)
	if _, gone := problem(err, http.StatusNotFound, http.StatusForbidden); gone {
		return "Signalement introuvable", nil
	}
	if err != nil {
		return "", err
	}
	return answer.JSON200.Reference, nil
}
