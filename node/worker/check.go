package worker

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/node/keyfile"
	"github.com/alita-network/alita/rows/source"
)

// Check looks at a worker's files on this machine and, unless offline, at what the chain says of it. It changes nothing
// and sends nothing.
func Check(ctx context.Context, h Home, passphrase string, offline bool) (findings []home.Finding, err error) {
	findings, keys, policy := CheckLocal(h, passphrase)
	if offline || !home.AllOK(findings) {
		return findings, nil
	}
	connection, err := chain.Connect(policy.Endpoints(h.Light()))
	if err != nil {
		return append(findings, finding("node", err, "")), nil
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	return append(findings, CheckChain(ctx, connection.State, policy, keys)...), nil
}

// CheckLocal looks at the files on this machine: folder, key file, policy. keys and policy are usable only if all
// findings about them are good.
func CheckLocal(h Home, passphrase string) (findings []home.Finding, keys keyfile.Keys, policy Policy) {
	add := func(what string, err error, detail string) {
		findings = append(findings, finding(what, err, detail))
	}
	add("home", h.Check(), string(h))
	keys, err := keyfile.Read(h.KeyFile(), passphrase)
	detail := ""
	if err == nil {
		var signer *chain.Signer
		if signer, err = chain.NewSigner(keys.Account); err == nil {
			detail = "worker " + signer.Address()
		}
	}
	add("key file", err, detail)
	policy, err = ReadPolicy(h.PolicyFile())
	add("policy", err, h.PolicyFile())
	for _, hint := range policy.Hints() {
		if err == nil {
			findings = append(findings, home.Good("policy", "note: %s", hint))
		}
	}
	return findings, keys, policy
}

// CheckChain looks at what the chain says: the node, the registration, and for each record whether its file is there
// and is the one that was committed to.
func CheckChain(ctx context.Context, c Chain, p Policy, keys keyfile.Keys) []home.Finding {
	signer, err := chain.NewSigner(keys.Account)
	if err != nil {
		return []home.Finding{finding("key file", err, "")}
	}
	id, err := c.ChainID(ctx)
	if err == nil && id != p.ChainID {
		err = fmt.Errorf("%w: expected %s, got %s", follow.ErrWrongChain, p.ChainID, id)
	}
	if err != nil {
		return []home.Finding{finding("node", err, "")}
	}
	s, err := c.Status(ctx)
	out := []home.Finding{finding("node", err, fmt.Sprintf("%s, chain %s, height %d", p.Node, id, s.Height))}
	if err != nil {
		return out
	}
	err = checkRegistration(ctx, c, signer.Address(), p.Owner, keys.Reader.Public())
	if errors.Is(err, chain.ErrNotFound) {
		err = errors.New("expected a registered worker, got none: the owner has to run the command that init printed")
	}
	out = append(out, finding("registration", err, "owner "+p.Owner))
	records, err := c.RecordsByOwner(ctx, p.Owner)
	if err != nil {
		return append(out, finding("records", err, ""))
	}
	for _, r := range records {
		if r.Status == chain.RecordRetired || !p.AllowsRecord(r.Id) {
			continue
		}
		detail, columns, err := checkRecordFile(ctx, c, p, keys, r.Id)
		out = append(out, finding("record "+r.Id, err, detail))
		for _, column := range columns {
			out = append(out, home.Good("record "+r.Id, "column %s", column))
		}
	}
	return out
}

// checkRecordFile reads a record's file. It also returns what stands in its columns, which is for the owner alone.
func checkRecordFile(ctx context.Context, c Chain, p Policy, keys keyfile.Keys, id string) (string, []source.ColumnProfile, error) {
	record, v, err := c.AdmittedVersion(ctx, id)
	if err != nil {
		return "", nil, err
	}
	l, err := OpenLocation(p, keys.Reader, record, v)
	if err != nil {
		return "", nil, err
	}
	want := v.Content.Commitment
	columns, err := source.Profile(source.Committed{Location: l, Rows: want.Rows, Root: want.Root})
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("version %s (%s), %d rows, %s", v.Content.Version, v.Status, want.Rows, filepath.Base(l.Path)), columns, nil
}

func finding(what string, err error, detail string) home.Finding {
	if err != nil {
		return home.Bad(what, "%s", err)
	}
	return home.Good(what, "%s", detail)
}
