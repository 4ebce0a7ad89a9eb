package portal

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	paymentsPath     = moneyPath + "/versements"
	paymentsTitle    = "Versements"
	newPaymentPath   = paymentsPath + "/nouveau"
	newPaymentTitle  = "Enregistrer un versement"
	recoveriesPath   = moneyPath + "/recuperations"
	recoveriesTitle  = "Récupérations"
	newRecoveryPath  = recoveriesPath + "/nouvelle"
	newRecoveryTitle = "Demander une récupération"
)

var paymentRoutes = []Route{
	{Method: http.MethodGet, Path: paymentsPath, page: paymentList},
	{Method: http.MethodGet, Path: newPaymentPath, page: newPaymentPage},
	{Method: http.MethodPost, Path: newPaymentPath, page: pay},
	{Method: http.MethodGet, Path: recoveriesPath, page: recoveryList},
	{Method: http.MethodGet, Path: newRecoveryPath, page: newRecoveryPage},
	{Method: http.MethodPost, Path: newRecoveryPath, page: recall},
}

// decided are the lines of all decisions, by the name that forms give them.
type decided struct {
	order []string
	lines map[string]decidedOn
}

type decidedOn struct {
	client.Line

	decision client.Decision
}

func (v *visit) decided() (d decided, err error) {
	answer, err := v.api.ListDecisionsWithResponse(v.ctx, &client.ListDecisionsParams{Limit: most()})
	if err != nil {
		return d, err
	}
	d.lines = map[string]decidedOn{}
	for _, one := range answer.JSON200.Items {
		for _, l := range one.Lines {
			name := lineName(one.ID, l.Line)
			d.order, d.lines[name] = append(d.order, name), decidedOn{l, one}
		}
	}
	return d, nil
}

func (l decidedOn) label() string { return dayText(l.decision.Date) + ", " + l.Line.Label }

// moved is the first cells of a line about money that went to and fro.
func (d decided) moved(decision string, line int, date string) []moneyCell {
	return []moneyCell{wordCell(dayText(date)), pathCell(d.lines[lineName(decision, line)].label(), decisionsPath+"/"+decision)}
}

func (f *form) days() (from, to *string) {
	return f.date("du", "Du", false), f.date("au", "Au", false)
}

func paymentList(v *visit) error {
	if !v.user.readsMoney() {
		return errForbidden
	}
	f := form{values: v.r.URL.Query()}
	from, to := f.days()
	t := moneyTable{ID: "versements", Caption: "Les versements, le dernier d’abord", Heads: []string{"Date", "Décision et ligne", "Montant"}}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+paymentsTitle, paymentsView(v.moneyList(f, t, nil)))
	}
	answer, err := v.api.ListPaymentsWithResponse(v.ctx, &client.ListPaymentsParams{From: from, To: to, Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	lines, err := v.decided()
	if err != nil {
		return err
	}
	for _, p := range answer.JSON200.Items {
		t.Rows = append(t.Rows, append(lines.moved(p.Decision, p.Line, p.Date), centsCell(p.AmountCents)))
	}
	return v.show(http.StatusOK, paymentsTitle, paymentsView(v.moneyList(f, t, answer.JSON200.Next)))
}

func recoveryList(v *visit) error {
	w, err := v.moneyWords(v.user.readsMoney())
	if err != nil {
		return err
	}
	f := form{values: v.r.URL.Query()}
	from, to := f.days()
	t := moneyTable{ID: "recuperations", Caption: "Les récupérations, la dernière d’abord", Heads: []string{"Date", "Décision et ligne", "Pourquoi", "Montant"}}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+recoveriesTitle, recoveriesView(v.moneyList(f, t, nil)))
	}
	answer, err := v.api.ListRecoveriesWithResponse(v.ctx, &client.ListRecoveriesParams{From: from, To: to, Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	lines, err := v.decided()
	if err != nil {
		return err
	}
	for _, r := range answer.JSON200.Items {
		t.Rows = append(t.Rows, append(lines.moved(r.Decision, r.Line, r.Date), wordCell(w.of("recovery_reason", r.Reason)), centsCell(r.AmountCents)))
	}
	return v.show(http.StatusOK, recoveriesTitle, recoveriesView(v.moneyList(f, t, answer.JSON200.Next)))
}

// movement is a payment or a recovery that is written down.
type movement struct {
	moneyForm

	lines   []choice
	reasons []choice // of a recovery
	intro   string
}

// movement offers the lines of which there is still something, and fills in what is chosen.
func (v *visit) movement(f form, left func(client.Line) int) (p movement, err error) {
	w, err := v.moneyWords(v.user.managesMoney())
	if err != nil {
		return p, err
	}
	d, err := v.decided()
	if err != nil {
		return p, err
	}
	p = movement{moneyForm: moneyForm{form: f, user: v.user, words: w}, lines: []choice{{Label: "À choisir"}}}
	for _, name := range d.order {
		l := d.lines[name]
		if left(l.Line) <= 0 {
			continue
		}
		p.lines = append(p.lines, choice{Value: name, Label: l.label() + ", " + reference.Euros(left(l.Line))})
		if asked := v.r.URL.Query().Get("ligne"); asked == name {
			p.values = url.Values{"ligne": {name}, "montant": {amountWritten(left(l.Line))}}
			inBoxes(p.values, "date", reference.Day(v.Now()))
		}
	}
	return p, nil
}

func (v *visit) paymentForm(f form) (movement, error) {
	p, err := v.movement(f, unpaid)
	p.title, p.action, p.back = newPaymentTitle, newPaymentPath, paymentsPath
	p.intro = "Un versement est d’une ligne d’une décision, et n’est jamais plus grand qu’elle. Celui d’un projet suit son compte rendu."
	return p, err
}

func (v *visit) recoveryForm(f form) (movement, error) {
	p, err := v.movement(f, func(l client.Line) int { return l.PaidCents })
	p.title, p.action, p.back, p.reasons = newRecoveryTitle, newRecoveryPath, recoveriesPath, p.words.choices("recovery_reason")
	p.intro = "Une récupération est d’un montant déjà versé. Pour un objectif manqué, le compte rendu final doit le dire."
	return p, err
}

func newPaymentPage(v *visit) error {
	p, err := v.paymentForm(form{})
	if err != nil {
		return err
	}
	return v.shows(p.moneyForm, movementView(p))
}

func newRecoveryPage(v *visit) error {
	p, err := v.recoveryForm(form{})
	if err != nil {
		return err
	}
	return v.shows(p.moneyForm, movementView(p))
}

var movementEntries = []entry{
	{Member: "decision", Input: "ligne", Label: "Ligne d’une décision"}, {Member: "line", Input: "ligne", Label: "Ligne d’une décision"},
	{Member: "reason", Input: "raison", Label: "Pourquoi"}, {Member: "amount_cents", Input: "montant", Label: "Montant"},
	{Member: "date", Input: "date", Label: "Date", Words: map[string]string{"before_decision": "Date\u00a0: elle précède la décision"}},
}

// read is the line, its number, the amount and the day.
func (p *movement) read() (decision string, line *int, cents int, day string) {
	p.asks(fault{"ligne", "Ligne d’une décision\u00a0: choisissez-en une"})
	decision, text, _ := strings.Cut(p.value("ligne"), ":")
	if n, err := strconv.Atoi(text); err == nil {
		line = &n
	}
	return decision, line, p.dueCents("montant", "Montant"), p.day("date", "Date")
}

func pay(v *visit) error {
	p, err := v.paymentForm(v.form())
	if err != nil {
		return err
	}
	decision, line, cents, day := p.read()
	if !p.wrong() {
		_, err := v.api.CreatePaymentWithResponse(v.ctx, client.NewPayment{Decision: decision, Line: line, AmountCents: cents, Date: day}, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, movementEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(paymentsPath, "Le versement est enregistré.")
		}
	}
	return v.shows(p.moneyForm, movementView(p))
}

func recall(v *visit) error {
	p, err := v.recoveryForm(v.form())
	if err != nil {
		return err
	}
	decision, line, cents, day := p.read()
	p.asks(fault{"raison", "Pourquoi\u00a0: à choisir"})
	if !p.wrong() {
		_, err := v.api.CreateRecoveryWithResponse(v.ctx, client.NewRecovery{Decision: decision, Line: line, AmountCents: cents, Date: day, Reason: p.value("raison")}, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, movementEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(recoveriesPath, "La récupération est demandée.")
		}
	}
	return v.shows(p.moneyForm, movementView(p))
}
