package portal

import (
	"net/http"
	"net/url"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	latePath      = stockPath + "/retards"
	lateTitle     = "Tablettes en retard"
	queuePath     = stockPath + "/attente"
	queueTitle    = "Qui attend une tablette"
	calendarPath  = stockPath + "/calendrier"
	calendarTitle = "Calendrier des tablettes"
)

// What is done when a tablet is not back, by the days that have passed.
const (
	letterAfter = 8
	decideAfter = 21
)

// stockLoans is a page of loans about which something is to be done.
type stockLoans struct {
	stockForm

	lines  []waitingLoan
	path   string
	next   *string
	inTurn bool // all of one pool, in the order in which they get a tablet
}

// waitingLoan is a loan with what to do now.
type waitingLoan struct {
	loanLine

	step, todo string
	acts       []loanAct
}

func lateList(v *visit) error {
	f, err := v.stockForm(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	answer, err := v.api.ListLoansWithResponse(v.ctx, &client.ListLoansParams{Pool: f.text("parc"), Status: new("late"), Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	page := stockLoans{stockForm: f, path: v.r.URL.RequestURI(), next: answer.JSON200.Next}
	for _, l := range answer.JSON200.Items {
		page.lines = append(page.lines, f.lateLoan(l))
	}
	return v.show(http.StatusOK, lateTitle, lateView(page))
}

func (p stockForm) lateLoan(l client.Loan) waitingLoan {
	late := waitingLoan{loanLine: loanLineOf(l)}
	late.Facts = append(late.Facts, fact{"À rendre le", weekday(l.To)}, fact{"En retard de", lateText(l)}, fact{"Tablette", the(l.AssetTag)})
	if p.several() {
		late.Facts = append(late.Facts, fact{"Parc", p.words.poolName(l.Pool)})
	}
	var acts []string
	switch {
	case l.DaysLate >= decideAfter:
		late.step, late.todo = "À décider", "Plus de trois semaines de retard\u00a0: prolongez, déclarez la tablette perdue, ou sortez-la du parc par une décision."
		acts = []string{"retour", "prolongation", "perte", "sortie"}
	case l.DaysLate >= letterAfter:
		late.step, late.todo = "Lettre à envoyer", "Plus d’une semaine de retard\u00a0: écrivez à la personne, ou demandez à son équipe de le faire."
		acts = []string{"retour", "prolongation"}
	default:
		late.step, late.todo = "À appeler", "Appelez la personne et convenez d’un jour de retour. Prolongez si elle en a encore besoin."
		acts = []string{"retour", "prolongation"}
	}
	late.acts = actsNamed(acts...)
	return late
}

func actsNamed(paths ...string) (list []loanAct) {
	for _, path := range paths {
		for _, act := range loanActs {
			if act.path == path {
				list = append(list, act)
			}
		}
	}
	return list
}

// queueList shows who waits: in turn where one pool is asked for, else in all pools.
func queueList(v *visit) error {
	f, err := v.stockForm(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	page := stockLoans{stockForm: f, path: v.r.URL.RequestURI(), inTurn: f.value("parc") != ""}
	var found *client.LoanPage
	if page.inTurn {
		answer, err := v.api.ListLoanQueueWithResponse(v.ctx, &client.ListLoanQueueParams{Pool: f.value("parc"), Cursor: f.text("suite")})
		if err != nil {
			return err
		}
		found = answer.JSON200
	} else {
		answer, err := v.api.ListLoansWithResponse(v.ctx, &client.ListLoansParams{Status: new("lacking"), Cursor: f.text("suite")})
		if err != nil {
			return err
		}
		found = answer.JSON200
	}
	page.next = found.Next
	for n, l := range found.Items {
		line := waitingLoan{loanLine: loanLineOf(l), acts: actsNamed("liberation")}
		if page.inTurn && f.text("suite") == nil {
			line.step = rank(n + 1)
		}
		line.Facts = append(line.Facts, fact{"Attend depuis le", dayOf(l.Since)})
		if f.several() {
			line.Facts = append(line.Facts, fact{"Parc", f.words.poolName(l.Pool)})
		}
		page.lines = append(page.lines, line)
	}
	return v.show(http.StatusOK, queueTitle, queueView(page))
}

// stockDays are the tablets of a pool with the days on which they are not free.
type stockDays struct {
	stockForm

	from, to        string
	lines           []tabletDays
	path            string
	before, further string // addresses of the weeks around
	next            *string
}

type tabletDays struct {
	ID, Tag, Code, State string
	days                 []busyDays
}

type busyDays struct{ Loan, When, State, Session string }

const calendarWeeks = 28 // days of a page

func calendarPage(v *visit) error {
	f, err := v.stockForm(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	if f.value("parc") == "" && len(f.pools) > 0 {
		f.values.Set("parc", f.pools[0].Value)
	}
	from, err := time.Parse(time.DateOnly, f.value("du"))
	if err != nil {
		from, _ = time.Parse(time.DateOnly, reference.Day(v.Now()))
	}
	to := from.AddDate(0, 0, calendarWeeks-1).Format(time.DateOnly)
	answer, err := v.api.GetCalendarWithResponse(v.ctx, &client.GetCalendarParams{
		Pool: f.value("parc"), From: new(from.Format(time.DateOnly)), To: &to, Cursor: f.text("suite"),
	})
	if err != nil {
		return err
	}
	page := stockDays{stockForm: f, from: dayText(answer.JSON200.From), to: dayText(answer.JSON200.To), path: v.r.URL.RequestURI(), next: answer.JSON200.Next}
	page.before, page.further = f.weeks(from, -calendarWeeks), f.weeks(from, calendarWeeks)
	for _, i := range answer.JSON200.Items {
		line := tabletDays{ID: i.ID, Tag: i.AssetTag, Code: i.Status, State: labelOf(itemStates, i.Status)}
		for _, l := range i.Loans {
			line.days = append(line.days, busyDays{l.ID, "du " + dayText(l.From) + " au " + dayText(l.To), labelOf(lendingStates, l.Status), l.SessionID})
		}
		page.lines = append(page.lines, line)
	}
	return v.show(http.StatusOK, calendarTitle, calendarView(page))
}

// weeks is the address of other weeks of the same pool.
func (p stockForm) weeks(from time.Time, days int) string {
	q := url.Values{"parc": {p.value("parc")}, "du": {from.AddDate(0, 0, days).Format(time.DateOnly)}}
	return calendarPath + "?" + q.Encode()
}
