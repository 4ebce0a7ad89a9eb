// Package stream says how a ledger looks in JetStream: one stream per service, one message per event, sequence = position.
package stream

import (
	"github.com/nats-io/nats.go/jetstream"
)

// LedgerID is the key of the stream's metadata that names the ledger it copies.
const LedgerID = "passerelle-ledger"

// Name is the stream of a service. prefix keeps the streams of tests apart; it is empty in operation.
func Name(prefix, service string) string { return prefix + service }

// Config is how the stream of a service is made: no limits, nothing deleted, sequence = position.
func Config(prefix, service, ledgerID string, replicas int) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:              Name(prefix, service),
		Subjects:          []string{prefix + service + ".>"},
		Retention:         jetstream.LimitsPolicy,
		Discard:           jetstream.DiscardNew,
		MaxMsgs:           -1,
		MaxBytes:          -1,
		MaxAge:            0,
		MaxMsgsPerSubject: -1,
		Storage:           jetstream.FileStorage,
		Replicas:          replicas,
		DenyDelete:        true,
		DenyPurge:         true,
		AllowDirect:       true,
		Metadata:          map[string]string{LedgerID: ledgerID},
	}
}

// Wake is the core subject that tells mirrors elsewhere of a commit.
func Wake(prefix, service string) string { return "passerelle.wake." + prefix + service }

// Damaged is the core subject on which a reader reports a jump in the stream. The mirror then reads all of it.
func Damaged(prefix, service string) string { return "passerelle.damaged." + prefix + service }

// Heard is the core subject that tells of a reader's progress.
func Heard(prefix, reader string) string { return "passerelle.heard." + prefix + reader }
