package home

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// SetMember sets a member at the top of a YAML file to a value, which is one line of YAML. All other lines stay as they are. After a
// crash the file is the one before or the new one.
func SetMember(path, name, value string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := setMember(string(data), name, value)
	var members map[string]any
	if err := yaml.Unmarshal([]byte(text), &members); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return replaceFile(path, []byte(text))
}

func setMember(text, name, value string) string {
	var out strings.Builder
	set, inside := false, false
	for line := range strings.Lines(text) {
		if inside && (strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")) {
			continue // the rest of the old value
		}
		if inside = strings.HasPrefix(line, name+":"); inside {
			line, set = name+": "+value+"\n", true
		}
		out.WriteString(line)
	}
	if !set {
		if text != "" && !strings.HasSuffix(text, "\n") {
			out.WriteString("\n")
		}
		out.WriteString(name + ": " + value + "\n")
	}
	return out.String()
}

func replaceFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
