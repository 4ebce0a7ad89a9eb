package detection

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/rest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func setup(t *testing.T) *enginetest.World {
	t.Helper()
	return start(t, Run)
}

func start(t *testing.T, run enginetest.Run) *enginetest.World {
	t.Helper()
	return enginetest.Start(t, Name, withDrafts(run), "detection.person-registered.v1", "detection.senior-flagged.v1",
		"detection.person-corrected.v1", "detection.person-moved.v1", "detection.flag-amended.v1", "detection.flag-reclassified.v1",
		"detection.observation-told.v1", "detection.observation-corrected.v1")
}

// withDrafts makes the table of drafts first, as provision does.
func withDrafts(run enginetest.Run) enginetest.Run {
	return func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		if err := ProvisionDrafts(context.Background(), e.Pool, DraftSchema(e.Prefix)); err != nil {
			return nil, nil, err
		}
		if err := imports.Provision(context.Background(), e.Pool, imports.Schema(e.Prefix)); err != nil {
			return nil, nil, err
		}
		return run(e)
	}
}

type object = map[string]any

// sheet is a whole sheet about Testine Exemple-Modèle, who does not exist.
func sheet(changes ...func(object)) string {
	o := object{
		"programme": "reperage-lr", "finding_date": "2021-11-15", "first_contact": nil,
		"person": object{
			"given_name": "Testine", "family_name": "Exemple-Modèle", "birth_date": "1958-03-02", "sex": "F", "phone": "+33 4 65 71 99 01",
			"language": "fr", "address": object{"street": "3 rue de l'Invention", "postcode": "34000", "insee": "34172"},
		},
		"consents": object{"study": true, "referral": true},
		"answers": object{
			"institution": "carsat_retraite", "equipment": false, "difficulty": true, "difficulty_reason": "appropriation",
			"description": "N'a jamais ouvert son espace",
		},
	}
	for _, change := range changes {
		change(o)
	}
	body, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(body)
}

func with(name string, value any) func(object) { return func(o object) { o[name] = value } }

func of(part, name string, value any) func(object) {
	return func(o object) { o[part].(object)[name] = value }
}

// about is a sheet about somebody known.
func about(person string, changes ...func(object)) string {
	return sheet(append([]func(object){with("person", nil), with("person_id", person)}, changes...)...)
}

// observed turns a sheet into one of the campaign of 2020.
func observed(o object) {
	o["programme"], o["finding_date"], o["first_contact"] = "observation-bfc-2020", "2020-02-03", "social_worker"
}

const flags = "/api/v1/flags"

// flag sends a sheet that is accepted.
func flag(w *enginetest.World, account, body string, headers ...string) rest.FlagCreated {
	return enginetest.Read[rest.FlagCreated](w, w.Ask(account, "POST", flags, body, headers...), 201)
}
