package worker_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/alita-network/alita/node/chain"
)

// transcript is everything that leaves a worker: what it asks and sends, in order and with heights, and what it logs and reports.
type transcript struct {
	*ledger

	lines []string
	log   logLines
}

func (r *transcript) note(call string, args ...any) {
	r.lines = append(r.lines, strings.TrimSpace(fmt.Sprintln(append([]any{r.height, call}, args...)...)))
}

func (r *transcript) Status(ctx context.Context) (chain.Status, error) {
	r.note("status")
	return r.ledger.Status(ctx)
}

func (r *transcript) ChainID(ctx context.Context) (string, error) {
	r.note("chain")
	return r.ledger.ChainID(ctx)
}

func (r *transcript) Worker(ctx context.Context, address string) (chain.Worker, error) {
	r.note("worker", address)
	return r.ledger.Worker(ctx, address)
}

func (r *transcript) RecordsByOwner(ctx context.Context, owner string) ([]chain.Record, error) {
	r.note("records", owner)
	return r.ledger.RecordsByOwner(ctx, owner)
}

func (r *transcript) AdmittedVersion(ctx context.Context, id string) (chain.Record, chain.Version, error) {
	r.note("version", id)
	return r.ledger.AdmittedVersion(ctx, id)
}

func (r *transcript) Grants(ctx context.Context, id string) ([]chain.Grant, error) {
	r.note("grants", id)
	return r.ledger.Grants(ctx, id)
}

func (r *transcript) Membership(ctx context.Context, panel, record string) (chain.Membership, error) {
	r.note("membership", panel, record)
	return r.ledger.Membership(ctx, panel, record)
}

func (r *transcript) JobsByPool(ctx context.Context, pool uint64, s chain.JobStatus) ([]chain.Job, error) {
	r.note("jobs", pool, s)
	return r.ledger.JobsByPool(ctx, pool, s)
}

func (r *transcript) Job(ctx context.Context, id string) (chain.Job, error) {
	r.note("job", id)
	return r.ledger.Job(ctx, id)
}

func (r *transcript) Program(ctx context.Context, id string) (chain.Program, error) {
	r.note("program", id)
	return r.ledger.Program(ctx, id)
}

func (r *transcript) ProgramCode(ctx context.Context, id string) ([]byte, error) {
	r.note("code", id)
	return r.ledger.ProgramCode(ctx, id)
}

func (r *transcript) Contribution(ctx context.Context, job, record string) (chain.Contribution, error) {
	r.note("contribution", job, record)
	return r.ledger.Contribution(ctx, job, record)
}

func (r *transcript) MaxContributionBytes(ctx context.Context) (uint32, error) {
	r.note("parameters")
	return r.ledger.MaxContributionBytes(ctx)
}

func (r *transcript) Send(ctx context.Context, msg proto.Message, limits chain.Limits) (chain.TxResult, error) {
	shape := proto.Clone(msg)
	blank(shape.ProtoReflect())
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(shape)
	if err != nil {
		return chain.TxResult{}, err
	}
	r.note("send", msg.ProtoReflect().Descriptor().Name(), limits, hex.EncodeToString(raw))
	return r.ledger.Send(ctx, msg, limits)
}

// blank replaces all bytes of a message, which are ciphertexts, shares, roots and hashes, by zeros: only their lengths are compared.
func blank(m protoreflect.Message) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.IsList() && f.Kind() == protoreflect.BytesKind:
			for i := range v.List().Len() {
				v.List().Set(i, protoreflect.ValueOfBytes(make([]byte, len(v.List().Get(i).Bytes()))))
			}
		case f.IsList() && f.Message() != nil:
			for i := range v.List().Len() {
				blank(v.List().Get(i).Message())
			}
		case f.Kind() == protoreflect.BytesKind:
			m.Set(f, protoreflect.ValueOfBytes(make([]byte, len(v.Bytes()))))
		case f.Message() != nil && !f.IsMap():
			blank(v.Message())
		}
		return true
	})
}

// all is the transcript as one text.
func (r *transcript) all(t testing.TB) string {
	t.Helper()
	out := strings.Join(r.lines, "\n")
	for _, line := range strings.Split(strings.TrimSpace(r.log.buf.String()), "\n") {
		var m map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &m))
		delete(m, slog.TimeKey)
		text, err := json.Marshal(m)
		require.NoError(t, err)
		out += "\n" + string(text)
	}
	return out
}
