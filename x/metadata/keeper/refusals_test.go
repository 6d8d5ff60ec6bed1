package keeper_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/alita-network/alita/crypto/seal"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

// world is a pool, an owner with a worker, and three records: one admitted, one pending, one retired.
type world struct {
	*testutil.Fixture
	pool                     uint64
	worker, otherWorker      testutil.Worker
	active, pending, retired string
	registerMsg              *types.MsgRegisterRecord
	versionMsg               *types.MsgAddVersion
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Fixture: testutil.New(t)}
	w.pool = w.CreatePool(t, "LIGHT", nil)
	w.worker = w.RegisterWorker(t, "owner", "worker")
	w.otherWorker = w.RegisterWorker(t, "stranger", "stranger's worker")
	w.active = w.Register(t, "owner", "active", w.pool, w.worker)
	w.Admit(t, w.active, "1.0.0")
	w.pending = w.Register(t, "owner", "pending", w.pool, w.worker)
	w.retired = w.Register(t, "owner", "retired", w.pool, w.worker)
	_, err := w.Msg.RetireRecord(w.Ctx, &types.MsgRetireRecord{Owner: w.Named("owner"), RecordId: w.retired, Reason: "measured again"})
	require.NoError(t, err)
	_, err = w.Msg.Grant(w.Ctx, &types.MsgGrant{Owner: w.Named("owner"), RecordId: w.active, Terms: types.GrantTerms{AnyProgram: true, MinPricePerMop: math.ZeroInt()}})
	require.NoError(t, err)
	w.registerMsg = w.RegisterMsg(t, "owner", "new", w.pool, w.worker)
	w.versionMsg = &types.MsgAddVersion{
		Owner: w.Named("owner"), RecordId: w.active,
		Content: testutil.Content(t, w.active, testutil.Account("owner"), "1.1.0", "more rows", w.worker),
	}
	return w
}

// register returns a case that registers the good message after a change.
func register(change func(w *world, m *types.MsgRegisterRecord)) func(w *world) error {
	return func(w *world) error {
		change(w, w.registerMsg)
		_, err := w.Msg.RegisterRecord(w.Ctx, w.registerMsg)
		return err
	}
}

// content returns a case that registers the good message after a change of its content.
func content(change func(c *types.VersionContent)) func(w *world) error {
	return register(func(_ *world, m *types.MsgRegisterRecord) { change(&m.Content) })
}

func addVersion(change func(w *world, m *types.MsgAddVersion)) func(w *world) error {
	return func(w *world) error {
		change(w, w.versionMsg)
		_, err := w.Msg.AddVersion(w.Ctx, w.versionMsg)
		return err
	}
}

func grant(change func(w *world, m *types.MsgGrant)) func(w *world) error {
	return func(w *world) error {
		m := &types.MsgGrant{Owner: w.Named("owner"), RecordId: w.active, Terms: types.GrantTerms{AnyProgram: true, MinPricePerMop: math.NewInt(5)}}
		change(w, m)
		_, err := w.Msg.Grant(w.Ctx, m)
		return err
	}
}

func privacy(change func(w *world, m *types.MsgSetPrivacyBudget)) func(w *world) error {
	return func(w *world) error {
		m := &types.MsgSetPrivacyBudget{Owner: w.Named("owner"), RecordId: w.active, Budget: 1_000_000}
		change(w, m)
		_, err := w.Msg.SetPrivacyBudget(w.Ctx, m)
		return err
	}
}

func admit(maker, version string, record func(w *world) string) func(w *world) error {
	return func(w *world) error {
		_, err := w.Msg.AdmitVersion(w.Ctx, &types.MsgAdmitVersion{Maker: w.Named(maker), RecordId: record(w), Version: version})
		return err
	}
}

func (w *world) at(d time.Duration) *time.Time {
	at := w.Ctx.BlockTime().Add(d)
	return &at
}

const unknownRecord = "00112233445566778899aabbccddeeff"

// Every case is refused with its typed error, a text that says what would be right, no event and no changed byte.
func TestRefusals(t *testing.T) {
	program := strings.Repeat("ab", 32)
	for name, tc := range map[string]struct {
		do   func(w *world) error
		want error
		text string
	}{
		"register: owner is no address": {register(func(_ *world, m *types.MsgRegisterRecord) { m.Owner = "alita1x" }), types.ErrInvalidAddress, "alita1x"},
		"register: foreign prefix": {register(func(_ *world, m *types.MsgRegisterRecord) {
			m.Owner = sdk.MustBech32ifyAddressBytes("cosmos", testutil.Account("owner"))
		}), types.ErrInvalidAddress, "cosmos"},
		"register: short salt":           {register(func(_ *world, m *types.MsgRegisterRecord) { m.Salt = m.Salt[1:] }), types.ErrInvalidSalt, "expected 16"},
		"register: no salt":              {register(func(_ *world, m *types.MsgRegisterRecord) { m.Salt = nil }), types.ErrInvalidSalt, "expected 16"},
		"register: same id":              {register(func(_ *world, m *types.MsgRegisterRecord) { m.Salt = testutil.Salt("active") }), types.ErrRecordExists, "new random salt"},
		"register: same id as a retired": {register(func(_ *world, m *types.MsgRegisterRecord) { m.Salt = testutil.Salt("retired") }), types.ErrRecordExists, "new random salt"},
		"register: unknown pool":         {register(func(_ *world, m *types.MsgRegisterRecord) { m.PoolId = 77 }), types.ErrPoolNotFound, "77"},
		"register: no pool":              {register(func(_ *world, m *types.MsgRegisterRecord) { m.PoolId = 0 }), types.ErrPoolNotFound, "0"},
		"register: required column missing": {
			content(func(c *types.VersionContent) { c.Dataset.Columns = c.Dataset.Columns[1:] }),
			types.ErrRequirements, `"speed"`,
		},
		"register: required column of other type": {content(func(c *types.VersionContent) {
			c.Dataset.Columns[0].Type = datapooltypes.COLUMN_TYPE_TEXT
		}), types.ErrRequirements, "COLUMN_TYPE_DECIMAL"},
		"register: column in other case": {content(func(c *types.VersionContent) { c.Dataset.Columns[0].Name = "Speed" }), types.ErrRequirements, `"speed"`},
		"register: too few rows":         {content(func(c *types.VersionContent) { c.Commitment.Rows = 9 }), types.ErrRequirements, "at least 10"},
		"register: no rows":              {content(func(c *types.VersionContent) { c.Commitment.Rows = 0 }), types.ErrInvalidCommitment, "rows: expected 1 to 2^48, got 0"},
		"register: too many rows":        {content(func(c *types.VersionContent) { c.Commitment.Rows = types.MaxRows + 1 }), types.ErrInvalidCommitment, "2^48"},
		"register: short row root":       {content(func(c *types.VersionContent) { c.Commitment.Root = c.Commitment.Root[1:] }), types.ErrInvalidCommitment, "expected 32"},
		"register: short document hash":  {content(func(c *types.VersionContent) { c.DocumentHash = make([]byte, 31) }), types.ErrInvalidDocument, "expected 32"},
		"register: no licence":           {content(func(c *types.VersionContent) { c.Dataset.License = "" }), types.ErrInvalidLicense, "$.license"},
		"register: 49-rune description":  {content(func(c *types.VersionContent) { c.Dataset.Descriptions[0].Text = strings.Repeat("ä", 49) }), types.ErrInvalidDescription, "$.descriptions[0].text"},
		"register: not UTF-8":            {content(func(c *types.VersionContent) { c.Dataset.Names[0].Text = "light\xff" }), types.ErrInvalidName, "$.names[0].text"},
		"register: version not SemVer":   {content(func(c *types.VersionContent) { c.Version = "v1" }), types.ErrInvalidVersion, "SemVer"},
		"register: no version":           {content(func(c *types.VersionContent) { c.Version = "" }), types.ErrInvalidVersion, "SemVer"},
		"register: empty":                {content(func(c *types.VersionContent) { *c = types.VersionContent{} }), types.ErrInvalidVersion, "SemVer"},
		"register: 64 KiB and 1":         {content(func(c *types.VersionContent) { padTo(&c.Dataset, 64<<10+1) }), types.ErrDatasetTooLarge, "65537"},
		"register: based on nothing": {content(func(c *types.VersionContent) {
			c.Dataset.IsBasedOn = []types.VersionRef{{RecordId: unknownRecord, Version: "1.0.0"}}
		}), types.ErrInvalidLineage, unknownRecord},
		"register: based on itself": {register(func(_ *world, m *types.MsgRegisterRecord) {
			m.Content.Dataset.IsBasedOn = []types.VersionRef{{RecordId: types.RecordID(testutil.Account("owner"), m.Salt), Version: "1.0.0"}}
		}), types.ErrInvalidLineage, "got 1.0.0 of record"},
		"register: based on an unknown version": {register(func(w *world, m *types.MsgRegisterRecord) {
			m.Content.Dataset.IsBasedOn = []types.VersionRef{{RecordId: w.active, Version: "2.0.0"}}
		}), types.ErrInvalidLineage, "2.0.0"},
		"register: no location":        {content(func(c *types.VersionContent) { c.Location = types.SealedLocation{} }), types.ErrNotSealed, "stanzas"},
		"register: plain path as body": {content(func(c *types.VersionContent) { c.Location.Body = []byte("/srv/data/secret.csv") }), types.ErrNotSealed, "text"},
		"register: padded path as body": {content(func(c *types.VersionContent) {
			c.Location.Body = append([]byte("/srv/data/secret.csv"), make([]byte, 252)...)
		}), types.ErrNotSealed, "text or filler"},
		"register: zeros as body":        {content(func(c *types.VersionContent) { c.Location.Body = make([]byte, len(c.Location.Body)) }), types.ErrNotSealed, "filler"},
		"register: truncated body":       {content(func(c *types.VersionContent) { c.Location.Body = c.Location.Body[1:] }), types.ErrNotSealed, "got 271"},
		"register: no commitment to key": {content(func(c *types.VersionContent) { c.Location.Commitment = nil }), types.ErrNotSealed, "commitment"},
		"register: sealed to a stranger's worker": {register(func(w *world, m *types.MsgRegisterRecord) {
			m.Content.Location = testutil.Location(t, unknownRecord, testutil.Account("owner"), w.worker, w.otherWorker)
		}), types.ErrNotRecipient, "stanzas[1]"},
		"register: sealed to nobody's key": {register(func(w *world, m *types.MsgRegisterRecord) {
			key, err := seal.GenerateKey()
			require.NoError(t, err)
			m.Content.Location = testutil.Location(t, unknownRecord, testutil.Account("owner"), testutil.Worker{Key: key})
		}), types.ErrNotRecipient, "register that worker first"},

		"add: not the owner":      {addVersion(func(w *world, m *types.MsgAddVersion) { m.Owner = w.Named("stranger") }), types.ErrNotOwner, "expected its owner"},
		"add: unknown record":     {addVersion(func(_ *world, m *types.MsgAddVersion) { m.RecordId = unknownRecord }), types.ErrRecordNotFound, unknownRecord},
		"add: malformed record":   {addVersion(func(_ *world, m *types.MsgAddVersion) { m.RecordId = "x" }), types.ErrRecordNotFound, "32 lower-case"},
		"add: retired record":     {addVersion(func(w *world, m *types.MsgAddVersion) { m.RecordId = w.retired }), types.ErrRecordRetired, "register a new one"},
		"add: same version":       {addVersion(func(_ *world, m *types.MsgAddVersion) { m.Content.Version = "1.0.0" }), types.ErrInvalidVersion, "greater than"},
		"add: older version":      {addVersion(func(_ *world, m *types.MsgAddVersion) { m.Content.Version = "1.0.0-rc.9" }), types.ErrInvalidVersion, "greater than"},
		"add: other build":        {addVersion(func(_ *world, m *types.MsgAddVersion) { m.Content.Version = "1.0.0+build.2" }), types.ErrInvalidVersion, "build metadata"},
		"add: requirements unmet": {addVersion(func(_ *world, m *types.MsgAddVersion) { m.Content.Commitment.Rows = 1 }), types.ErrRequirements, "at least 10"},
		"add: based on itself": {addVersion(func(w *world, m *types.MsgAddVersion) {
			m.Content.Dataset.IsBasedOn = []types.VersionRef{{RecordId: w.active, Version: "1.1.0"}}
		}), types.ErrInvalidLineage, "1.1.0"},

		"admit: not the maker":    {admit("owner", "1.0.0", (*world).pendingID), types.ErrNotMaker, "expected its maker"},
		"admit: unknown record":   {admit("maker", "1.0.0", func(*world) string { return unknownRecord }), types.ErrRecordNotFound, unknownRecord},
		"admit: unknown version":  {admit("maker", "9.0.0", (*world).pendingID), types.ErrVersionNotFound, "9.0.0"},
		"admit: admitted already": {admit("maker", "1.0.0", (*world).activeID), types.ErrVersionStatus, "VERSION_STATUS_PENDING"},
		"admit: retired":          {admit("maker", "1.0.0", func(w *world) string { return w.retired }), types.ErrRecordRetired, "withdrawn"},
		"refuse: not the maker":   {refuse("owner", "1.0.0", "no"), types.ErrNotMaker, "expected its maker"},
		"refuse: no reason":       {refuse("maker", "1.0.0", ""), types.ErrInvalidReason, "what to change"},
		"refuse: 513-byte reason": {refuse("maker", "1.0.0", strings.Repeat("x", 513)), types.ErrInvalidReason, "at most 512"},
		"refuse: control in text": {refuse("maker", "1.0.0", "no\x00"), types.ErrInvalidReason, "U+0000"},
		"refuse: unknown version": {refuse("maker", "2.0.0", "no"), types.ErrVersionNotFound, "2.0.0"},
		"retire: not the owner":   {retire("maker", (*world).activeID, ""), types.ErrNotOwner, "expected its owner"},
		"retire: twice":           {retire("owner", func(w *world) string { return w.retired }, ""), types.ErrRecordRetired, "withdrawn"},
		"retire: unknown":         {retire("owner", func(*world) string { return unknownRecord }, ""), types.ErrRecordNotFound, unknownRecord},
		"retire: long reason":     {retire("owner", (*world).activeID, strings.Repeat("x", 513)), types.ErrInvalidReason, "at most 512"},
		"worker: no address":      {worker(func(_ *world, m *types.MsgRegisterWorker) { m.Worker = "" }), types.ErrInvalidAddress, "worker"},
		"worker: known account":   {worker(func(w *world, m *types.MsgRegisterWorker) { m.Worker = w.Named("worker") }), types.ErrWorkerExists, "remove it first"},
		"worker: another's":       {worker(func(w *world, m *types.MsgRegisterWorker) { m.Worker = w.Named("stranger's worker") }), types.ErrWorkerExists, "works for"},
		"worker: known key":       {worker(func(w *world, m *types.MsgRegisterWorker) { m.PublicKey = w.worker.Key.Public().Bytes() }), types.ErrWorkerExists, "no other worker of the owner"},
		"worker: short key":       {worker(func(_ *world, m *types.MsgRegisterWorker) { m.PublicKey = m.PublicKey[1:] }), types.ErrInvalidWorker, "1215"},
		"worker: key of no point": {worker(func(_ *world, m *types.MsgRegisterWorker) {
			m.PublicKey = append(m.PublicKey[:1184], make([]byte, 32)...)
		}), types.ErrInvalidWorker, "small order"},
		"worker: long name":     {worker(func(_ *world, m *types.MsgRegisterWorker) { m.Name = strings.Repeat("x", 65) }), types.ErrInvalidWorker, "at most 64 characters, got 65"},
		"remove: unknown":       {removeWorker("owner", "nobody"), types.ErrWorkerNotFound, "expected a registered account"},
		"remove: another's":     {removeWorker("stranger", "worker"), types.ErrNotOwner, "expected its owner"},
		"grant: not the owner":  {grant(func(w *world, m *types.MsgGrant) { m.Owner = w.Named("stranger") }), types.ErrNotOwner, "expected its owner"},
		"grant: unknown record": {grant(func(_ *world, m *types.MsgGrant) { m.RecordId = unknownRecord }), types.ErrRecordNotFound, unknownRecord},
		"grant: retired":        {grant(func(w *world, m *types.MsgGrant) { m.RecordId = w.retired }), types.ErrRecordRetired, "withdrawn"},
		"grant: no program":     {grant(func(_ *world, m *types.MsgGrant) { m.Terms.AnyProgram = false }), types.ErrInvalidGrant, "any_program"},
		"grant: any and a list": {grant(func(_ *world, m *types.MsgGrant) { m.Terms.Programs = []string{program} }), types.ErrInvalidGrant, "expected none with any_program, got 1"},
		"grant: any and each":   {grant(func(_ *world, m *types.MsgGrant) { m.Terms.IndividualResults = true }), types.ErrInvalidGrant, "individual_results: expected false with any_program, got true: anybody's program can copy rows into an answer without noise; list the programs that may run in programs"},
		"grant: short hash": {grant(func(_ *world, m *types.MsgGrant) {
			m.Terms.AnyProgram = false
			m.Terms.Programs = []string{program[1:]}
		}), types.ErrInvalidGrant, "64 lower-case"},
		"grant: upper-case hash": {grant(func(_ *world, m *types.MsgGrant) {
			m.Terms.AnyProgram = false
			m.Terms.Programs = []string{strings.ToUpper(program)}
		}), types.ErrInvalidGrant, "64 lower-case"},
		"grant: program twice": {grant(func(_ *world, m *types.MsgGrant) {
			m.Terms.AnyProgram = false
			m.Terms.Programs = []string{program, program}
		}), types.ErrInvalidGrant, "twice"},
		"grant: 65 programs":    {grant(func(_ *world, m *types.MsgGrant) { m.Terms.AnyProgram = false; m.Terms.Programs = make([]string, 65) }), types.ErrInvalidGrant, "at most 64"},
		"grant: grantee":        {grant(func(_ *world, m *types.MsgGrant) { m.Terms.Grantee = "alita1" }), types.ErrInvalidGrant, "grantee"},
		"grant: empty purpose":  {grant(func(_ *world, m *types.MsgGrant) { m.Terms.Purposes = []string{""} }), types.ErrInvalidGrant, "purposes[0]"},
		"grant: 33 purposes":    {grant(func(_ *world, m *types.MsgGrant) { m.Terms.Purposes = make([]string, 33) }), types.ErrInvalidGrant, "at most 32"},
		"grant: negative price": {grant(func(_ *world, m *types.MsgGrant) { m.Terms.MinPricePerMop = math.NewInt(-1) }), types.ErrInvalidGrant, "min_price_per_mop"},
		"grant: overflowing price": {grant(func(_ *world, m *types.MsgGrant) {
			m.Terms.MinPricePerMop = math.NewIntFromUint64(1 << 63).Mul(math.NewIntFromUint64(1 << 63)).MulRaw(4)
		}), types.ErrInvalidGrant, "2^128"},
		"grant: ended": {grant(func(w *world, m *types.MsgGrant) { m.Terms.NotAfter = w.at(0) }), types.ErrInvalidGrant, "not_after"},
		"grant: ends at its start": {grant(func(w *world, m *types.MsgGrant) {
			m.Terms.NotBefore, m.Terms.NotAfter = w.at(time.Hour), w.at(time.Hour)
		}), types.ErrInvalidGrant, "not_before"},
		"revoke: unknown grant":   {revoke("owner", 9), types.ErrGrantNotFound, "got 9"},
		"revoke: grant zero":      {revoke("owner", 0), types.ErrGrantNotFound, "got 0"},
		"revoke: not the owner":   {revoke("stranger", 1), types.ErrNotOwner, "expected its owner"},
		"privacy: not the owner":  {privacy(func(w *world, m *types.MsgSetPrivacyBudget) { m.Owner = w.Named("stranger") }), types.ErrNotOwner, "expected its owner"},
		"privacy: no address":     {privacy(func(_ *world, m *types.MsgSetPrivacyBudget) { m.Owner = "" }), types.ErrInvalidAddress, "owner"},
		"privacy: unknown record": {privacy(func(_ *world, m *types.MsgSetPrivacyBudget) { m.RecordId = unknownRecord }), types.ErrRecordNotFound, unknownRecord},
		"privacy: retired":        {privacy(func(w *world, m *types.MsgSetPrivacyBudget) { m.RecordId = w.retired }), types.ErrRecordRetired, "withdrawn"},
		"params: not the authority": {func(w *world) error {
			_, err := w.Msg.UpdateParams(w.Ctx, &types.MsgUpdateParams{Authority: w.Named("owner"), Params: types.DefaultParams()})
			return err
		}, sdkerrors.ErrUnauthorized, "authority"},
		"params: zero": {func(w *world) error {
			_, err := w.Msg.UpdateParams(w.Ctx, &types.MsgUpdateParams{Authority: w.Authority})
			return err
		}, types.ErrInvalidParams, "max_versions"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.requireRefused(t, func() error { return tc.do(w) }, tc.want, tc.text)
		})
	}
}

// The limits of the parameters hold, with the state filled up to them.
func TestRefusalsAtTheLimits(t *testing.T) {
	t.Run("versions", func(t *testing.T) {
		w := newWorld(t)
		p := types.DefaultParams()
		p.MaxVersions = 1
		require.NoError(t, w.Keeper.Params.Set(w.Ctx, p))
		w.requireRefused(t, func() error { return addVersion(func(*world, *types.MsgAddVersion) {})(w) }, types.ErrTooManyVersions, "at most 1")
		p.MaxVersions = 2
		require.NoError(t, w.Keeper.Params.Set(w.Ctx, p))
		require.NoError(t, addVersion(func(*world, *types.MsgAddVersion) {})(w))
	})
	t.Run("workers", func(t *testing.T) {
		w := newWorld(t)
		for i := range types.DefaultParams().MaxWorkers - 1 {
			w.RegisterWorker(t, "owner", fmt.Sprintf("worker %d", i))
		}
		one := worker(func(*world, *types.MsgRegisterWorker) {})
		w.requireRefused(t, func() error { return one(w) }, types.ErrTooManyWorkers, "at most 16")
		require.NoError(t, removeWorker("owner", "worker 3")(w))
		require.NoError(t, one(w))
	})
	t.Run("grants", func(t *testing.T) {
		w := newWorld(t)
		short := grant(func(w *world, m *types.MsgGrant) { m.Terms.NotAfter = w.at(time.Minute) })
		require.NoError(t, short(w))
		one := grant(func(*world, *types.MsgGrant) {})
		for range types.DefaultParams().MaxGrants - 2 {
			require.NoError(t, one(w))
		}
		w.NextBlock(61)
		w.requireRefused(t, func() error { return one(w) }, types.ErrTooManyGrants, "ended: 2")
		require.NoError(t, revoke("owner", 2)(w))
		require.NoError(t, one(w))
	})
	t.Run("size", func(t *testing.T) {
		w := newWorld(t)
		padTo(&w.registerMsg.Content.Dataset, 64<<10)
		_, err := w.Msg.RegisterRecord(w.Ctx, w.registerMsg)
		require.NoError(t, err)
	})
}

// requireRefused checks the error and that neither the store nor the events have changed.
func (w *world) requireRefused(t *testing.T, do func() error, want error, text string) {
	t.Helper()
	before, events := w.Dump(), len(w.Ctx.EventManager().Events())
	err := do()
	require.ErrorIs(t, err, want)
	require.Contains(t, err.Error(), text)
	require.NotContains(t, err.Error(), "secret", "an error never repeats a location")
	require.Equal(t, before, w.Dump())
	require.Len(t, w.Ctx.EventManager().Events(), events)
}

func (w *world) activeID() string  { return w.active }
func (w *world) pendingID() string { return w.pending }

func refuse(maker, version, reason string) func(w *world) error {
	return func(w *world) error {
		_, err := w.Msg.RefuseVersion(w.Ctx, &types.MsgRefuseVersion{Maker: w.Named(maker), RecordId: w.pending, Version: version, Reason: reason})
		return err
	}
}

func retire(owner string, record func(w *world) string, reason string) func(w *world) error {
	return func(w *world) error {
		_, err := w.Msg.RetireRecord(w.Ctx, &types.MsgRetireRecord{Owner: w.Named(owner), RecordId: record(w), Reason: reason})
		return err
	}
}

func worker(change func(w *world, m *types.MsgRegisterWorker)) func(w *world) error {
	return func(w *world) error {
		key, err := seal.GenerateKey()
		if err != nil {
			return err
		}
		m := &types.MsgRegisterWorker{Owner: w.Named("owner"), Worker: w.Named("another worker"), PublicKey: key.Public().Bytes(), Name: "phone"}
		change(w, m)
		_, err = w.Msg.RegisterWorker(w.Ctx, m)
		return err
	}
}

func removeWorker(owner, worker string) func(w *world) error {
	return func(w *world) error {
		_, err := w.Msg.RemoveWorker(w.Ctx, &types.MsgRemoveWorker{Owner: w.Named(owner), Worker: w.Named(worker)})
		return err
	}
}

func revoke(owner string, id uint64) func(w *world) error {
	return func(w *world) error {
		_, err := w.Msg.RevokeGrant(w.Ctx, &types.MsgRevokeGrant{Owner: w.Named(owner), RecordId: w.active, GrantId: id})
		return err
	}
}

// padTo grows a typed core to an encoded size with texts that are valid on their own.
func padTo(d *types.Dataset, size int) {
	for i := 0; d.Size() < size-2000; i++ {
		d.Columns = append(d.Columns, types.Column{
			Name: fmt.Sprintf("column %d", i), Type: datapooltypes.COLUMN_TYPE_INTEGER, Description: strings.Repeat("x", 900),
		})
	}
	for _, text := range []*string{&d.Citation, &d.MeasurementTechnique} {
		// One byte for the tag and two for the length of a text of this size.
		if room := size - d.Size() - 3; room >= 128 {
			*text = strings.Repeat("y", min(room, 1500))
		}
	}
	for d.Size() < size {
		d.Citation += "y"
	}
}
