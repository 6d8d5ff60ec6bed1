package chain

import (
	"context"
	"fmt"

	metadatav1 "github.com/alita-network/alita/api/metadata/v1"
	"github.com/alita-network/alita/light/keys"
)

// Worker is proved by its account.
func (p *Proving) Worker(ctx context.Context, address string) (Worker, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Worker{}, err
	}
	account, err := ParseAddress(address)
	if err != nil {
		return Worker{}, err
	}
	var m metadatav1.Worker
	if err := s.message(ctx, keys.Metadata, "worker "+address, keys.Worker(account), &m); err != nil {
		return Worker{}, err
	}
	return workerOf(&m), nil
}

// AdmittedVersion is the proved record, and then its version by the number that the record names.
func (p *Proving) AdmittedVersion(ctx context.Context, recordID string) (Record, Version, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Record{}, Version{}, err
	}
	var record metadatav1.Record
	if err := s.message(ctx, keys.Metadata, "record "+recordID, keys.Record(recordID), &record); err != nil {
		return Record{}, Version{}, err
	}
	number := record.GetAdmitted()
	if number == 0 {
		number = record.GetVersions()
	}
	var version metadatav1.Version
	what := fmt.Sprintf("version %d of record %s", number, recordID)
	if err := s.message(ctx, keys.Metadata, what, keys.Version(recordID, number), &version); err != nil {
		return Record{}, Version{}, unexpectedlyAbsent(err)
	}
	return recordOf(&record), versionOf(&version), nil
}

// RecordsByOwner are the listed records of an owner that the state proves.
func (p *Proving) RecordsByOwner(ctx context.Context, owner string) ([]Record, error) {
	s, err := p.current(ctx)
	if err != nil {
		return nil, err
	}
	records, err := listed(ctx, p, func(c *Client) ([]string, error) {
		all, err := c.RecordsByOwner(ctx, owner)
		return idsOf(all, func(r Record) string { return r.Id }), err
	}, func(ctx context.Context, id string) (Record, error) {
		var m metadatav1.Record
		err := s.message(ctx, keys.Metadata, "record "+id, keys.Record(id), &m)
		return recordOf(&m), err
	})
	if err != nil {
		return nil, fmt.Errorf("records of %s: %w", owner, err)
	}
	return keep(records, func(r Record) bool { return r.Owner == owner }), nil
}

// Grants are the listed grants of a record that the state proves.
func (p *Proving) Grants(ctx context.Context, recordID string) ([]Grant, error) {
	s, err := p.current(ctx)
	if err != nil {
		return nil, err
	}
	grants, err := listed(ctx, p, func(c *Client) ([]uint64, error) {
		all, err := c.Grants(ctx, recordID)
		return idsOf(all, func(g Grant) uint64 { return g.Id }), err
	}, func(ctx context.Context, id uint64) (Grant, error) {
		var m metadatav1.Grant
		if err := s.message(ctx, keys.Metadata, fmt.Sprintf("grant %d of record %s", id, recordID), keys.Grant(recordID, id), &m); err != nil {
			return Grant{}, err
		}
		return grantOf(&m)
	})
	if err != nil {
		return nil, fmt.Errorf("grants of %s: %w", recordID, err)
	}
	return grants, nil
}
