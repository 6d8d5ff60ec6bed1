package privacy_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// secretRow is the row of an owner's file that holds the secret; fileRows is how many there are.
const secretRow, fileRows = 4, 20

// secret is a column of the owners' files, whose cell in one row tells the bit.
type secret struct {
	column string
	// cells are what the cell holds if the bit is 0, and if it is 1.
	cells [2]string
	// If the bit is 1, slow has the run take longer, gone takes the file away meanwhile, limit has the run take longer than the owner allows, and
	// crash has the engine crash.
	slow, gone, limit, crash bool
}

// owner is somebody with a file, and the worker that computes on it: the real one, behind a node of its own.
type owner struct {
	t               testing.TB
	x               *exchange
	account, worker apptest.Account
	bits            map[string]int // by column
	columns         []string
	path            string
	key             seal.PrivateKey
	record          string
	root            []byte
	computer        *worker.Computer
	node            *node
	live            *worker.Worker
	ctx             context.Context //nolint:containedctx // of the worker

	secrets map[string]secret
	holds   atomic.Bool   // a run that takes long
	release chan struct{} // ends it
	log     lines
	// seen is what others see of it, by job.
	seen map[string]*view
	sent []sending
	runs map[string]run
	// left are all messages that left the machine, taken or not.
	left []proto.Message

	runsLock sync.Mutex
}

// sending is a message for the next block.
type sending struct {
	job string
	msg proto.Message
}

// view is what everybody sees of an owner in a job: its messages, with their heights, sizes and gas, what its worker asks of a node, and
// what leaves the machine of its log.
type view struct {
	features map[string]string
	asked    map[string]int
	logged   []string
	message  *computev1.MsgContribute
}

// lines is a log in memory.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// newOwner is an owner whose secret bits follow from a seed. Nothing is on the chain yet.
func newOwner(t testing.TB, x *exchange, name string, seed uint64, secrets []secret) *owner {
	t.Helper()
	o := &owner{
		t: t, x: x, account: apptest.NamedAccount(name), worker: apptest.NamedAccount(name + "'s worker"), bits: map[string]int{},
		key: keyOf(t, name), secrets: map[string]secret{}, seen: map[string]*view{}, runs: map[string]run{}, release: make(chan struct{}), ctx: t.Context(),
	}
	random := rand.New(rand.NewPCG(seed, 7))
	header := []string{"x"}
	for _, s := range secrets {
		o.secrets[s.column], o.bits[s.column] = s, random.IntN(2)
		header = append(header, s.column)
	}
	o.path = filepath.Join(t.TempDir(), "rows.csv")
	o.columns = header[1:]
	require.NoError(t, os.WriteFile(o.path, []byte(o.text("", 0)), 0o600))
	return o
}

// text is the owner's file, with another bit in one of its columns.
func (o *owner) text(column string, bit int) string {
	text := "x," + strings.Join(o.columns, ",") + "\n"
	for r := range fileRows {
		text += fmt.Sprint(r)
		for _, c := range o.columns {
			cell := fmt.Sprint(100 + r)
			if r == secretRow && c == column {
				cell = o.secrets[c].cells[bit]
			} else if r == secretRow {
				cell = o.secrets[c].cells[o.bits[c]]
			}
			text += "," + cell
		}
		text += "\n"
	}
	return text
}

// register is the message that lists the owner's file.
func (o *owner) register() *metadatatypes.MsgRegisterRecord {
	seed := label.Hash("alita/privacy/seed", []byte(o.account.Name))
	c, err := source.Commit(o.path, source.CSV, seed)
	require.NoError(o.t, err)
	location, err := source.Location{Path: o.path, Format: source.CSV, Seed: seed}.Marshal()
	require.NoError(o.t, err)
	o.record, o.root = metadatatypes.RecordID(o.account.Address(), salt(1)), c.Root[:]
	sealed, err := seal.Seal(seal.RecordLabel(apptest.ChainID, o.record, o.account.Address()), location, []seal.PublicKey{o.key.Public()})
	require.NoError(o.t, err)
	return &metadatatypes.MsgRegisterRecord{
		Owner: o.account.String(), Salt: salt(1), PoolId: poolID, Content: metadatatypes.VersionContent{
			Version: "1.0.0", Dataset: dataset(o.account.Name, c.Columns, c.Size, c.SHA256[:]),
			Commitment: metadatatypes.RowCommitment{Rows: c.Rows, Root: o.root}, Location: metadatatypes.NewSealedLocation(sealed),
		},
	}
}

// start starts the owner's worker behind a node, which it believes unless the policy names a trust.
func (o *owner) start(box *sandbox.Sandbox, policy worker.Policy) {
	o.t.Helper()
	if o.node == nil {
		o.node = newNode(o.t, o.x)
		policy.Trust = chain.Trust{Node: true}
	}
	policy.ChainID, policy.Node, policy.Owner = apptest.ChainID, o.node.address, o.account.String()
	policy.DataDirs = []string{filepath.Dir(o.path)}
	c, err := chain.Connect(policy.Endpoints(""))
	require.NoError(o.t, err)
	o.t.Cleanup(func() { require.NoError(o.t, c.Close()) })
	journal, err := worker.OpenJournal(filepath.Join(filepath.Dir(o.path), "journal"))
	require.NoError(o.t, err)
	o.computer = &worker.Computer{Policy: policy, Key: o.key, Sandbox: box, Random: rand.NewChaCha8(label.Hash("alita/privacy/random", []byte(o.account.Name)))}
	o.live = worker.New(worker.Config{
		Policy: policy, Address: o.worker.String(), Key: o.key.Public(), Chain: c.State, Sender: o, Compute: o.compute, Shares: sharer{o.computer, o}, Journal: journal,
		Log:   slog.New(slog.NewJSONHandler(&o.log, nil)),
		Speed: worker.Speed{Operations: 1 << 40, Cells: 1 << 40, Code: 1 << 40, Start: 500}, // two blocks for every run
	})
	o.t.Cleanup(func() {
		require.NoError(o.t, o.live.Stop())
		require.NoError(o.t, journal.Close())
	})
}

// compute runs a program, with what happens to the owner's machine meanwhile.
func (o *owner) compute(ctx context.Context, c worker.Candidate, p worker.Plan, code []byte) (worker.Outcome, error) {
	column := c.Job.Spec.Columns[0]
	s, bit := o.secrets[column], o.bits[column]
	if s.gone && bit == 1 {
		if err := os.Rename(o.path, o.path+".gone"); err != nil {
			return worker.Outcome{}, err
		}
		defer func() { _ = os.Rename(o.path+".gone", o.path) }()
	}
	switch {
	case s.limit && bit == 1:
		return worker.Outcome{}, context.DeadlineExceeded
	case s.crash && bit == 1:
		panic("a crash of the engine")
	}
	o.runsLock.Lock()
	o.runs[c.Job.Id] = run{cand: c, plan: p, code: code}
	o.runsLock.Unlock()
	out, err := o.computer.Compute(ctx, c, p, code)
	if s.slow && bit == 1 {
		o.holds.Store(true)
		select {
		case <-o.release:
		case <-ctx.Done():
		}
		o.holds.Store(false)
	}
	return out, err
}

// Send implements follow.Sender: the message is tried, and goes into the next block.
func (o *owner) Send(_ context.Context, msg proto.Message, _ chain.Limits) (chain.TxResult, error) {
	o.left = append(o.left, msg)
	m := o.x.message(msg)
	ctx := o.x.Ctx()
	if _, err := o.x.App.MsgServiceRouter().Handler(m)(ctx, m); err != nil {
		return chain.TxResult{}, &chain.TxError{Log: err.Error()}
	}
	job := ""
	switch m := msg.(type) {
	case *computev1.MsgContribute:
		job = m.Attestation.JobId
	case *computev1.MsgAccuseSeat:
		job = m.JobId
	}
	o.sent = append(o.sent, sending{job, msg})
	return chain.TxResult{Hash: strings.Repeat("00", 32), Height: o.x.Height()}, nil
}

// message is the application's message of a worker's.
func (x *exchange) message(msg proto.Message) sdk.Msg {
	x.t.Helper()
	raw, err := proto.Marshal(msg)
	require.NoError(x.t, err)
	packed := &codectypes.Any{TypeUrl: "/" + string(msg.ProtoReflect().Descriptor().FullName()), Value: raw}
	var m sdk.Msg
	require.NoError(x.t, x.App.InterfaceRegistry().UnpackAny(packed, &m))
	return m
}

// look has the worker see a block and do what follows from it.
func (o *owner) look() {
	o.t.Helper()
	if err := o.live.Look(o.ctx); o.node.lie == nil {
		require.NoError(o.t, err)
	}
	for !o.live.Idle() && !o.holds.Load() {
		time.Sleep(50 * time.Microsecond)
	}
	o.observe()
}

// viewOf is what is seen of the owner in a job.
func (o *owner) viewOf(job string) *view {
	v, ok := o.seen[job]
	if !ok {
		v = &view{features: map[string]string{}, asked: map[string]int{}}
		o.seen[job] = v
	}
	return v
}

// observe takes note of what the worker asked and logged. Names of jobs, records and accounts, and heights that were drawn are left out, so that
// owners can be compared.
func (o *owner) observe() {
	for _, q := range o.node.take() {
		method, raw, _ := strings.Cut(q, " ")
		question, err := hex.DecodeString(raw)
		require.NoError(o.t, err)
		for job := range o.x.windows {
			if bytes.Contains(question, []byte(job)) {
				o.viewOf(job).asked[method]++
			}
		}
	}
	o.log.mu.Lock()
	text := o.log.buf.String()
	o.log.buf.Reset()
	o.log.mu.Unlock()
	for line := range strings.Lines(text) {
		var m map[string]any
		require.NoError(o.t, json.Unmarshal([]byte(line), &m))
		job, _ := m["job"].(string)
		if job == "" {
			continue
		}
		for _, name := range []string{slog.TimeKey, "job", "record", "height", "tx"} {
			delete(m, name)
		}
		short, err := json.Marshal(m)
		require.NoError(o.t, err)
		v := o.viewOf(job)
		v.logged = append(v.logged, string(short))
	}
}

// included takes note of a message in a block.
func (o *owner) included(s sending, height int64, gas uint64) {
	v := o.viewOf(s.job)
	c, ok := s.msg.(*computev1.MsgContribute)
	if !ok {
		return
	}
	v.message = c
	shape := proto.Clone(c).(*computev1.MsgContribute)
	shape.Worker, shape.Attestation.JobId, shape.Attestation.RecordId = "", "", ""
	blank(shape.ProtoReflect())
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(shape)
	require.NoError(o.t, err)
	v.features["height"] = fmt.Sprint(height - o.x.windows[s.job])
	v.features["gas"] = fmt.Sprint(gas)
	v.features["size"] = fmt.Sprint(proto.Size(c))
	v.features["shape"] = hex.EncodeToString(raw)
}

// blank replaces all bytes of a message, which are ciphertexts, shares, roots and hashes, by zeros.
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

// all is all that is seen of an owner in a job, feature by feature.
func (v *view) all() map[string]string {
	out := map[string]string{"contributed": fmt.Sprint(v.message != nil), "log": strings.Join(v.logged, "\n")}
	for name, value := range v.features {
		out[name] = value
	}
	for method, n := range v.asked {
		out["asked "+method] = fmt.Sprint(n)
	}
	return out
}

// revealed is what a reader learns of a contribution if all others of the sum are its own, and all seats but one: the sum without what they have
// handed in. It is computed with the keys of all seats, which gives the same.
func (o *owner) revealed(job string) []int64 {
	o.t.Helper()
	j := o.x.job(job)
	p, verify := o.x.protocol(j), make([]byte, 32)
	sums, commitments := make([]*securesum.Sum, len(j.Seats)), make([][]byte, len(j.Seats))
	for i := range sums {
		sums[i] = p.NewSum()
	}
	add := func(p securesum.Protocol, of securesum.Contribution, shared securesum.Shared) {
		var said [][]byte
		var prepared []securesum.Prepared
		for i, s := range j.Seats {
			share, mine, err := p.Prepare(of, shared, verify, i, o.x.seatKey(job, s))
			require.NoError(o.t, err)
			said, prepared = append(said, share), append(prepared, mine)
			commitments[i], err = securesum.AddCommitments(commitments[i], shared.Commitments[i])
			require.NoError(o.t, err)
		}
		message, err := p.Combine(of, shared.PublicShare, said)
		require.NoError(o.t, err)
		for i := range j.Seats {
			require.NoError(o.t, sums[i].Add(prepared[i], message))
		}
	}
	of := securesum.Contribution{Record: o.record, Version: "1.0.0", Owner: o.account.Address()}
	add(p, of, o.x.message(o.viewOf(job).message).(*computetypes.MsgContribute).Shared.Proto())
	if noise, noised := p.Noise(); noised {
		for i, s := range j.Seats {
			add(noise, terms.NoiseOf(s.Operator), o.x.noise(j, i))
		}
	}
	var shares [][]byte
	for i := range j.Seats {
		share, err := p.VerifyOpening(commitments[i], 1, sums[i].Opening())
		require.NoError(o.t, err)
		shares = append(shares, share)
	}
	vector, err := p.Unshard(shares, 1)
	require.NoError(o.t, err)
	vector, err = j.SecureSum("").Reveal(vector, fileRows)
	require.NoError(o.t, err)
	out := make([]int64, len(vector))
	for i, v := range vector {
		out[i] = v.Int64()
	}
	return out
}
