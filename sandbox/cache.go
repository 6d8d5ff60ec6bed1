package sandbox

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// CacheBytes is how much a folder of compiled programs may hold. The largest program that ships takes 0.1 MB in it, the largest that
// metering.Check accepts some 60 MB.
const CacheBytes = 512 << 20

// prune removes the oldest files below a folder until they have at most so many bytes. The newest one stays, whatever its size. It
// returns the number of files that it removed. Files that are removed meanwhile, by another process, are no error.
func prune(dir string, most int64) (removed int, err error) {
	type entry struct {
		path string
		size int64
		time time.Time
	}
	var all []entry
	var total int64
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return ignoreMissing(err)
		}
		info, err := d.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		all = append(all, entry{path, info.Size(), info.ModTime()})
		total += info.Size()
		return nil
	})
	if err != nil {
		return 0, err
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Or(a.time.Compare(b.time), cmp.Compare(a.path, b.path)) })
	for len(all) > 1 && total > most {
		if err := ignoreMissing(os.Remove(all[0].path)); err != nil {
			return removed, err
		}
		total, all, removed = total-all[0].size, all[1:], removed+1
	}
	return removed, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
