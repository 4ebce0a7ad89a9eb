package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/postgres"
)

const (
	oidText  = pgtype.TextOID
	oidBytea = pgtype.ByteaOID
)

// link is the appender's own connection with its prepared statements.
type link struct {
	conn       *pgconn.PgConn
	number     []byte // of the ledger's lock
	statements map[string]*pgconn.StatementDescription
}

// question is one statement of an exchange; row is called for each row of the answer.
type question struct {
	statement string
	params    [][]byte
	row       func(values [][]byte)
	rows      *int // gets the number of rows that were written
}

var binaryFormat = []int16{1}

// settings of the connection: what the appender relies on, whatever the database's defaults are. The generic
// plan saves planning each append anew.
var settings = map[string]string{
	"default_transaction_isolation":       "read committed",
	"default_transaction_read_only":       "off",
	"lock_timeout":                        "2s",
	"idle_in_transaction_session_timeout": "1s",
	"statement_timeout":                   "0",
	"plan_cache_mode":                     "force_generic_plan",
	"jit":                                 "off",
}

var statements = map[string]string{
	"begin": "begin", "commit": "commit", "lock": sqlLock,
	"one": sqlOne, "many": sqlMany, "claims": sqlWithClaims,
	"head": sqlHead, "state": sqlState, "keys": sqlKeys, "versions": sqlVersions, "holders": sqlHolders,
}

func connect(ctx context.Context, pool *pgxpool.Config, schema string, number int64) (*link, error) {
	config := pool.ConnConfig.Copy()
	for name, value := range settings {
		config.RuntimeParams[name] = value
	}
	config.RuntimeParams["application_name"] = "passerelle ledger " + schema
	if pool.BeforeConnect != nil {
		if err := pool.BeforeConnect(ctx, config); err != nil {
			return nil, err
		}
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	l := &link{conn: conn.PgConn(), number: int8Param(number), statements: map[string]*pgconn.StatementDescription{}}
	if err := l.prepare(ctx, conn, schema); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// prepare sends all the statements in one round trip: after a lost connection everybody waits for it.
func (l *link) prepare(ctx context.Context, conn *pgx.Conn, schema string) error {
	if err := postgres.CheckDurable(ctx, conn); err != nil {
		return err
	}
	pipeline := l.conn.StartPipeline(ctx)
	names := slices.Sorted(maps.Keys(statements))
	for _, name := range names {
		pipeline.SendPrepare("ledger_"+name, inSchema(schema, statements[name]), nil)
	}
	err := pipeline.Sync()
	for _, name := range names {
		if err != nil {
			break
		}
		var results any
		if results, err = pipeline.GetResults(); err != nil {
			break
		}
		if statement, ok := results.(*pgconn.StatementDescription); ok {
			statement.Name = "ledger_" + name // a pipeline leaves it empty
			l.statements[name] = statement
		}
	}
	if closing := pipeline.Close(); err == nil {
		err = closing
	}
	return err
}

func (l *link) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = l.conn.Close(ctx)
}

// exchange sends all the questions in one go and reads the answers. The server does them as one transaction
// unless begin is among them.
func (l *link) exchange(questions ...question) error {
	if err := l.conn.Conn().SetDeadline(time.Now().Add(attempt)); err != nil {
		return err
	}
	pipeline := l.conn.StartPipeline(context.Background()) // the deadline is cheaper than a context's goroutine
	for _, q := range questions {
		pipeline.SendQueryStatement(l.statements[q.statement], q.params, binaryFormat, binaryFormat)
	}
	err := pipeline.Sync()
	for i := 0; err == nil && i < len(questions); i++ {
		err = questions[i].read(pipeline)
	}
	if closing := pipeline.Close(); err == nil { // reads to the end: a commit may fail as late as that
		err = closing
	}
	return err
}

func (q *question) read(pipeline *pgconn.Pipeline) error {
	results, err := pipeline.GetResults()
	if err != nil {
		return err
	}
	reader, ok := results.(*pgconn.ResultReader)
	if !ok {
		return fmt.Errorf("statement %s: answered by %T", q.statement, results)
	}
	for reader.NextRow() {
		if q.row != nil {
			q.row(reader.Values())
		}
	}
	tag, err := reader.Close()
	if q.rows != nil {
		*q.rows = int(tag.RowsAffected())
	}
	return err
}

// insertAtOnce is the usual append: one round trip, one transaction.
func (l *link) insertAtOnce(i insertion) (n int, err error) {
	err = l.exchange(question{statement: "lock", params: [][]byte{l.number}}, question{statement: i.statement, params: i.params, rows: &n})
	return n, err
}

// insertAndCommit ends what look began.
func (l *link) insertAndCommit(i insertion) (n int, err error) {
	err = l.exchange(question{statement: i.statement, params: i.params, rows: &n}, question{statement: "commit"})
	return n, err
}

func (l *link) readHead() (head Head, err error) {
	err = l.exchange(question{statement: "head", row: func(v [][]byte) { head = headFrom(v) }})
	return head, err
}

// rollback ends a transaction that look began; a connection that cannot even do that is given up.
func (l *link) rollback() {
	if l.conn.IsClosed() || l.conn.TxStatus() == 'I' {
		return
	}
	_ = l.conn.Conn().SetDeadline(time.Now().Add(attempt))
	if _, err := l.conn.Exec(context.Background(), "rollback").ReadAll(); err != nil {
		l.close()
	}
}
