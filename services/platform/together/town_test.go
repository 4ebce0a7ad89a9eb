package together

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection"
	"example.org/passerelle/services/platform"
	"example.org/passerelle/services/projections"
	"example.org/passerelle/services/referral"
	"example.org/passerelle/services/workshop"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type object = map[string]any

// town is where seniors, desks and providers meet: four services, each in one process or more.
type town struct {
	*testing.T
	*enginetest.World // of detection

	processes map[string][]*enginetest.World
	away      map[*enginetest.World]bool // ended
	asked     int
}

// newTown has each service that tells of people in so many processes, and the read models in one.
func newTown(t *testing.T, processes int) *town {
	t.Helper()
	n := &town{T: t, World: enginetest.Start(t, detection.Name, withDrafts, platform.Opens(detection.Name)...), processes: map[string][]*enginetest.World{}, away: map[*enginetest.World]bool{}}
	for service, run := range map[string]enginetest.Run{
		detection.Name: withDrafts, referral.Name: referral.Run, workshop.Name: workshop.Run, projections.Name: projections.Run,
	} {
		first := n.World
		if service != detection.Name {
			first = n.Beside(service, run, platform.Opens(service)...)
		}
		list := []*enginetest.World{first}
		for len(list) < processes && service != projections.Name {
			list = append(list, first.Beside(service, run, platform.Opens(service)...))
		}
		n.processes[service] = list
	}
	return n
}

// withDrafts makes the tables of drafts and imports first, as provision does.
func withDrafts(e *engine.Engine) (http.Handler, *web.Heard, error) {
	if err := detection.ProvisionDrafts(context.Background(), e.Pool, detection.DraftSchema(e.Prefix)); err != nil {
		return nil, nil, err
	}
	if err := imports.Provision(context.Background(), e.Pool, imports.Schema(e.Prefix)); err != nil {
		return nil, nil, err
	}
	return detection.Run(e)
}

// up are the processes of a service that run; of all services without a name.
func (n *town) up(services ...string) (list []*enginetest.World) {
	if len(services) == 0 {
		services = []string{detection.Name, referral.Name, workshop.Name, projections.Name}
	}
	for _, service := range services {
		for _, w := range n.processes[service] {
			if !n.away[w] {
				list = append(list, w)
			}
		}
	}
	return list
}

// quiet waits until everybody has heard everything, and nothing is due.
func (n *town) quiet() { n.Helper(); enginetest.Quiet(n.up()...) }

// ask sends a request to a service, to each of its processes in turn, and waits for all that follows.
func (n *town) ask(status int, service, account, method, path string, body any) object {
	n.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		n.Fatal(err)
	}
	list := n.up(service)
	n.asked++
	answer := list[n.asked%len(list)].Ask(account, method, "/api/v1"+path, string(text))
	got := object{}
	if answer.Status != status {
		n.Fatalf("%s %s as %s: %d instead of %d: %s", method, path, account, answer.Status, status, answer.Body)
	}
	_ = json.Unmarshal([]byte(answer.Body), &got) // a test looks at what it needs
	if method != http.MethodGet {
		n.quiet()
	}
	return got
}

func (n *town) post(status int, service, account, path string, body any) object {
	n.Helper()
	return n.ask(status, service, account, http.MethodPost, path, body)
}

// see reads what the read models say.
func (n *town) see(account, path string) object {
	n.Helper()
	return n.ask(http.StatusOK, projections.Name, account, http.MethodGet, path, nil)
}

func (o person) String() string { return o.flag }

// person is a senior of Montpellier, and the flag about them.
type person struct{ flag, id string }

// senior flags somebody who does not exist; phones are of the range for fiction.
func (n *town) senior(number int) person {
	n.Helper()
	made := n.post(http.StatusCreated, detection.Name, "advisor-34", "/flags", object{
		"programme": "reperage-lr", "finding_date": "2021-11-15",
		"person": object{
			"given_name": "Zénobie", "family_name": fmt.Sprintf("Exemple-Imaginaire-%d", number), "birth_date": "1951-07-23", "sex": "F",
			"phone": fmt.Sprintf("+3346571%04d", number), "language": "fr", "address": object{"street": "3 impasse de l'Invention", "postcode": "34000", "insee": "34172"},
		},
		"consents": object{"study": true, "referral": true, "given": "oral", "by": "person"},
		"answers":  object{"institution": "carsat_retraite", "equipment": true, "difficulty": true, "difficulty_reason": "appropriation"},
		"needs":    object{"skills": []string{"internet"}},
	})
	return person{text(made, "id"), text(made, "person_id")}
}

func text(o object, name string) string {
	s, _ := o[name].(string)
	return s
}

func items(o object) (list []object) {
	all, _ := o["items"].([]any)
	for _, one := range all {
		item, _ := one.(object)
		list = append(list, item)
	}
	return list
}

// session plans one of provider-a at Montpellier, with two meetings from a moment on.
func (n *town) session(title string, seats int, first time.Time) string {
	n.Helper()
	week := first.AddDate(0, 0, 7)
	return text(n.post(http.StatusCreated, workshop.Name, "provider-a", "/sessions", object{
		"provider_id": "provider-a", "title": title, "mode": "in_person", "skills": []string{"internet"}, "insee": "34172", "place": "Salle Exemple", "capacity": seats,
		"languages": []string{"fr"}, "accessible": true,
		"meetings": []object{{"starts_at": first, "ends_at": first.Add(2 * time.Hour)}, {"starts_at": week, "ends_at": week.Add(2 * time.Hour)}},
	}), "id")
}

// refer asks for a seat for somebody.
func (n *town) refer(p person, session string) string {
	n.Helper()
	return text(n.post(http.StatusCreated, referral.Name, "advisor-34", "/referrals", object{"flag_id": p.flag, "session_id": session}), "id")
}

// answer is what the provider says to a request.
func (n *town) answer(session, referral, what string) object {
	n.Helper()
	return n.post(http.StatusOK, workshop.Name, "provider-a", "/sessions/"+session+"/requests/"+referral+"/"+what, object{})
}

// seat gives somebody a seat.
func (n *town) seat(p person, session string) (referral string) {
	n.Helper()
	referral = n.refer(p, session)
	n.answer(session, referral, "accept")
	return referral
}
