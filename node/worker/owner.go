package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/node/keyfile"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/terms"
)

// ErrPanelStep means that a step with a panel makes no sense now, or should not be done; it says why and what to do.
var ErrPanelStep = errors.New("panel")

// PanelChain has the queries about panels.
type PanelChain interface {
	Chain
	Panel(ctx context.Context, id string) (chain.Panel, error)
	PanelsByPool(ctx context.Context, poolID uint64) ([]chain.Panel, error)
}

// PanelOwner is what an owner does with panels, on the machine with the files. It sends nothing: the owner's account signs, and its key lies
// elsewhere. So each step checks what it can, and returns the command that the owner runs.
type PanelOwner struct {
	Policy Policy
	Chain  PanelChain
	// Key and Editions are needed to sign and to stage.
	Key      seal.PrivateKey
	Editions *Editions
}

// OpenPanels sets up what an owner does with panels by what a worker's home holds. With sign false no key file is opened.
func OpenPanels(ctx context.Context, h Home, sign bool, passphrase func() (string, error)) (o PanelOwner, opened io.Closer, err error) {
	if err := h.Check(); err != nil {
		return PanelOwner{}, nil, err
	}
	if o.Policy, err = ReadPolicy(h.PolicyFile()); err != nil {
		return PanelOwner{}, nil, err
	}
	if sign {
		words, err := passphrase()
		if err != nil {
			return PanelOwner{}, nil, err
		}
		keys, err := keyfile.Read(h.KeyFile(), words)
		if err != nil {
			return PanelOwner{}, nil, err
		}
		o.Key = keys.Reader
		if o.Editions, err = OpenEditions(h.Editions(), o.Key); err != nil {
			return PanelOwner{}, nil, err
		}
	}
	connection, err := chain.Connect(o.Policy.Endpoints(h.Light()))
	if err != nil {
		return PanelOwner{}, nil, err
	}
	o.Chain = connection.State
	if _, err := o.Chain.Status(ctx); err != nil {
		return PanelOwner{}, nil, errors.Join(err, connection.Close())
	}
	return o, home.Closers{connection.Close}, nil
}

// OwnPanel is a panel with a record of the owner's.
type OwnPanel struct {
	chain.Panel

	Own chain.PanelMember
	// Lacks is why the policy does not allow the panel; empty if it does.
	Lacks string
}

// List returns the panels with records of the owner's that the chain has, by pool.
func (o PanelOwner) List(ctx context.Context) ([]OwnPanel, error) {
	records, err := o.Chain.RecordsByOwner(ctx, o.Policy.Owner)
	if err != nil {
		return nil, err
	}
	var pools []uint64
	for _, r := range records {
		pools = append(pools, r.PoolId)
	}
	slices.Sort(pools)
	var own []OwnPanel
	for _, pool := range slices.Compact(pools) {
		panels, err := o.Chain.PanelsByPool(ctx, pool)
		if err != nil {
			return nil, err
		}
		for _, p := range panels {
			if m, is := p.MemberOf(o.Policy.Owner); is {
				own = append(own, OwnPanel{p, m, o.Policy.Panels.Lacks(p)})
			}
		}
	}
	return own, nil
}

// Show returns a panel. The records and terms are those that its id is the hash of.
func (o PanelOwner) Show(ctx context.Context, id string) (OwnPanel, error) {
	p, err := o.Chain.Panel(ctx, id)
	if err != nil {
		return OwnPanel{}, err
	}
	own, _ := p.MemberOf(o.Policy.Owner)
	return OwnPanel{p, own, o.Policy.Panels.Lacks(p)}, nil
}

func wrongStep(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrPanelStep, fmt.Sprintf(format, args...))
}

// Sign checks a proposed panel and the rows that the owner would bring, and returns the panel with the command that signs it. It copies the
// record's file, so that the panel's answers do not change with it.
func (o PanelOwner) Sign(ctx context.Context, id string) (p OwnPanel, command string, err error) {
	if p, err = o.Show(ctx, id); err != nil {
		return p, "", err
	}
	switch {
	case p.Own.Record == "":
		return p, "", wrongStep("expected one with a record of %s, got one of others; whoever proposes it lists your record", o.Policy.Owner)
	case p.Status != chain.PanelProposed:
		return p, "", wrongStep("expected %s, got %s; ask for a new proposal", chain.PanelProposed, p.Status)
	case p.Lacks != "":
		return p, "", wrongStep("policy: %s; this worker would answer nothing, and fail every job of the panel: change policy.yaml first, or do not sign", p.Lacks)
	}
	record, version, err := o.Chain.AdmittedVersion(ctx, p.Own.Record)
	if err != nil {
		return p, "", err
	}
	if p.Own.Signed && p.Own.Version == record.Admitted {
		return p, "", wrongStep("expected no signature of yours yet for this version, got one; it begins when the other members have signed (%d of %d)", p.Signed, p.MemberCount)
	}
	if record.PanelID != "" {
		return p, "", wrongStep("expected a record that was in no panel, got one of panel %s; list a record of new rows", record.PanelID)
	}
	if err := o.prepare(ctx, record, version); err != nil {
		return p, "", err
	}
	return p, o.command("sign-panel", id, record.Id), nil
}

// Stage checks the content that a member brings for the next edition of its panel, copies its file, and returns the command that stages it.
// record is the record, or empty for the only one in a panel.
func (o PanelOwner) Stage(ctx context.Context, recordID string) (p OwnPanel, command string, err error) {
	record, err := o.inPanel(ctx, recordID)
	if err != nil {
		return p, "", err
	}
	if p, err = o.Show(ctx, record.PanelID); err != nil {
		return p, "", err
	}
	switch {
	case p.Status != chain.PanelActive:
		return p, "", wrongStep("expected %s, got %s; found another panel with records of new rows", chain.PanelActive, p.Status)
	case p.Own.Version == record.Admitted:
		return p, "", wrongStep("expected an admitted version that is newer than the one of the edition, got the same; add one first: alitad tx metadata add-version")
	case p.Own.Staged == record.Admitted:
		return p, "", wrongStep("expected a version that is not staged yet, got one that is; the next edition begins when %d members have staged (%d now)",
			p.Terms.Threshold, p.Staged)
	}
	_, version, err := o.Chain.AdmittedVersion(ctx, record.Id)
	if err != nil {
		return p, "", err
	}
	if err := o.prepare(ctx, record, version); err != nil {
		return p, "", err
	}
	return p, o.command("stage", record.Id, version.Content.Version), nil
}

// inPanel returns a record of the owner's that is in a panel: the only one if no id is given.
func (o PanelOwner) inPanel(ctx context.Context, id string) (chain.Record, error) {
	records, err := o.Chain.RecordsByOwner(ctx, o.Policy.Owner)
	if err != nil {
		return chain.Record{}, err
	}
	var found []chain.Record
	for _, r := range records {
		if r.Status == chain.RecordActive && r.PanelID != "" && (id == "" || r.Id == id) {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		return chain.Record{}, wrongStep("expected one record of %s in a panel, got %d; name it: alita-worker panel list shows them", o.Policy.Owner, len(found))
	}
	return found[0], nil
}

// prepare checks the rows of a record's admitted version against all that was in editions, and copies its file.
func (o PanelOwner) prepare(ctx context.Context, record chain.Record, version chain.Version) error {
	c := &Computer{Policy: o.Policy, Key: o.Key, Editions: o.Editions}
	if err := o.keepPresent(ctx, c); err != nil {
		return err
	}
	if version.Status != chain.VersionAdmitted {
		return wrongStep("expected an admitted version of record %s, got %s; the maker of the pool admits it", record.Id, version.Status)
	}
	location, err := OpenLocation(o.Policy, o.Key, record, version)
	if err != nil {
		return fmt.Errorf("record %s: %w; its location must be sealed to this worker", record.Id, err)
	}
	content, file := Content{record.Id, record.Admitted}, committedTo(location, version)
	err = o.Editions.CheckNew(content, file)
	if err == nil {
		err = o.Editions.Prepare(content, file)
	}
	if errors.Is(err, source.ErrChanged) || errors.Is(err, source.ErrFile) {
		return fmt.Errorf("record %s: %w; the file must be the one that the record commits to: add a version of the present one", record.Id, err)
	}
	return err
}

// keepPresent keeps the contents of the owner's panels as they are now, for a worker that has not run since they began.
func (o PanelOwner) keepPresent(ctx context.Context, c *Computer) error {
	records, err := o.Chain.RecordsByOwner(ctx, o.Policy.Owner)
	if err != nil {
		return err
	}
	for _, r := range records {
		if r.PanelID == "" {
			continue
		}
		m, err := o.Chain.Membership(ctx, r.PanelID, r.Id)
		if err != nil {
			return err
		}
		if m.Panel.Edition == 0 || c.Editions.Known(Content{r.Id, m.Member.Version}) {
			continue
		}
		if err := c.keepContent(Kept{Content: Content{r.Id, m.Member.Version}, Record: r, Version: m.Version}); err != nil {
			return fmt.Errorf("record %s in panel %s: its rows were in an edition, and are needed to find them again: %w; put the file of version %s back",
				r.Id, r.PanelID, err, m.Version.Content.Version)
		}
	}
	return nil
}

// Leave returns the command that dissolves a panel for good.
func (o PanelOwner) Leave(ctx context.Context, id string) (p OwnPanel, command string, err error) {
	if p, err = o.Show(ctx, id); err != nil {
		return p, "", err
	}
	switch {
	case p.Own.Record == "" && (p.Status != chain.PanelProposed || p.Proposer != o.Policy.Owner):
		return p, "", wrongStep("expected one with a record of %s, got one of others", o.Policy.Owner)
	case p.Status == chain.PanelDissolved:
		return p, "", wrongStep("expected one that is not dissolved, got one that is; there is nothing to leave")
	}
	return p, o.command("leave-panel", id), nil
}

func (o PanelOwner) command(args ...string) string {
	text := "alitad tx metadata"
	for _, a := range args {
		text += " " + a
	}
	return fmt.Sprintf("%s --from %s --chain-id %s", text, o.Policy.Owner, o.Policy.ChainID)
}

// Class is the class of a panel's questions, in a word.
func (p OwnPanel) Class() string {
	if p.Terms.Class == terms.PanelNamed {
		return ClassNamed
	}
	return ClassFixed
}
