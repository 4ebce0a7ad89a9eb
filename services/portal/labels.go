package portal

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"example.org/passerelle/api/client"
)

const labelsLast = time.Minute

// labels are the French words for codes and identifiers, as the REST surface gives them to a role.
type labels struct {
	now  func() time.Time
	mu   sync.Mutex
	kept map[string]words
}

// words by list and code.
type words struct {
	read      time.Time
	lists     map[string][]client.Code
	known     map[string]map[string]string
	directory client.Directory
	providers []client.ListedProvider // by name; none for whoever may not know them
}

func newLabels(now func() time.Time) *labels { return &labels{now: now, kept: map[string]words{}} }

// words reads the labels again when they are old.
func (v *visit) words() (words, error) {
	l := v.labels
	l.mu.Lock()
	w := l.kept[v.user.Role]
	l.mu.Unlock()
	if l.now().Sub(w.read) < labelsLast {
		return w, nil
	}
	w, err := readWords(v.ctx, v.api)
	if err == nil {
		w.add("account", labelsOf(v.Demo))
		w.read = l.now()
		l.mu.Lock()
		l.kept[v.user.Role] = w
		l.mu.Unlock()
	}
	return w, err
}

// forget reads the labels again when they are asked for: something was named anew.
func (l *labels) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.kept)
}

func readWords(ctx context.Context, api *client.ClientWithResponses) (words, error) {
	w := words{lists: map[string][]client.Code{}, known: map[string]map[string]string{}}
	codes, err := api.GetCodesWithResponse(ctx)
	if err != nil {
		return w, err
	}
	for _, list := range codes.JSON200.Lists {
		w.add(list.Name, list.Codes)
	}
	if err := w.readDirectory(ctx, api); err != nil {
		return w, err
	}
	return w, w.readProviders(ctx, api)
}

// readDirectory adds funds, desks and programmes.
func (w *words) readDirectory(ctx context.Context, api *client.ClientWithResponses) error {
	answer, err := api.GetDirectoryWithResponse(ctx)
	if err != nil {
		return err
	}
	w.directory = *answer.JSON200
	var funds, desks, programmes []client.Code
	for _, f := range w.directory.Funds {
		funds = append(funds, client.Code{Code: f.ID, Label: f.Name})
	}
	for _, d := range w.directory.Desks {
		desks = append(desks, client.Code{Code: d.ID, Label: d.Name})
	}
	for _, p := range w.directory.Programmes {
		programmes = append(programmes, client.Code{Code: p.ID, Label: p.Name})
	}
	w.add("fund", funds)
	w.add("desk", desks)
	w.add("programme", programmes)
	return nil
}

// readProviders adds the providers, for whoever may know them.
func (w *words) readProviders(ctx context.Context, api *client.ClientWithResponses) error {
	var providers []client.Code
	page := &client.ListProvidersParams{Limit: new(500)}
	for {
		answer, err := api.ListProvidersWithResponse(ctx, page)
		if _, never := problem(err, http.StatusForbidden); never {
			break
		}
		if err != nil {
			return err
		}
		w.providers = append(w.providers, answer.JSON200.Items...)
		for _, p := range answer.JSON200.Items {
			providers = append(providers, client.Code{Code: p.ID, Label: p.Name})
		}
		if page.Cursor = answer.JSON200.Next; page.Cursor == nil {
			break
		}
	}
	w.add("provider", providers)
	return nil
}

func (w words) add(name string, codes []client.Code) {
	w.lists[name], w.known[name] = codes, map[string]string{}
	for _, c := range codes {
		w.known[name][c.Code] = c.Label
	}
}

// unasked is a label without what it asks of who fills in a form.
func unasked(label string) string {
	text, _, _ := strings.Cut(label, " (à préciser")
	return text
}

// of is the word for a code, the code itself where there is none. What a form asks to be told is not asked again by a line.
func (w words) of(list, code string) string {
	if label, ok := w.known[list][code]; ok {
		return unasked(label)
	}
	return code
}

// all are the words for several codes.
func (w words) all(list string, codes []string) []string {
	texts := make([]string, len(codes))
	for i, c := range codes {
		texts[i] = w.of(list, c)
	}
	return texts
}

// departments are those of the user, else of the fund, else of all funds.
func (v *visit) departments(w words) []string {
	if len(v.user.Departments) > 0 {
		return v.user.Departments
	}
	var list []string
	for _, f := range w.directory.Funds {
		if v.user.Fund == "" || v.user.Fund == f.ID {
			list = append(list, f.Departments...)
		}
	}
	return list
}
