/** One line: its name, which way is 'in', and the tailgating rule in a sentence. */
import { ArrowLeftRight } from 'lucide-react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import type { Line } from '../../../shared/domain-camera.ts';
import { aspectOf } from '../../client/camera-words.ts';
import { Button } from '../../ui/Button.tsx';
import { Select, Switch, TextField } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { useDraft } from './draft-store.ts';
import { swapDirection } from './editor-actions.ts';
import styles from './Panels.module.css';
import { RuleHours } from './RuleHours.tsx';
import { wordsOfForward } from './shape-geometry.ts';

const DIRECTIONS = [
  { value: 'both', label: 'either way' },
  { value: 'forward', label: 'inwards' },
  { value: 'backward', label: 'outwards' },
] as const;

export interface LineSettingsProps {
  index: number;
  camera: CameraView;
  problems: Record<string, string>;
}

export function LineSettings({ index, camera, problems }: LineSettingsProps) {
  const { draft, changeLine } = useDraft();
  const line = draft?.lines[index];
  const [a, b] = line?.points ?? [];
  if (!draft || !line || !a || !b) return null;
  return (
    <div className={styles.settings}>
      <TextField
        label="Name"
        value={line.name}
        error={problems[`lines.${index}.name`]}
        onChange={(event) => changeLine(index, { name: event.target.value })}
      />
      <div className={styles.direction}>
        <p>
          Moving <strong>{wordsOfForward(a, b, aspectOf(camera.status))}</strong> across it counts as{' '}
          <strong>in</strong>, the other way as <strong>out</strong>.
        </p>
        <Button icon={ArrowLeftRight} onClick={() => swapDirection(index)}>
          Swap in and out
        </Button>
      </div>
      <Switch
        label="Alert on tailgating"
        checked={line.tailgating !== undefined}
        onChecked={(on) =>
          changeLine(index, {
            tailgating: on ? { windowSeconds: 6, peoplePerUnlock: 1, direction: 'forward' } : undefined,
          })
        }
      />
      {line.tailgating && (
        <>
          <TailgatingSentence
            line={line}
            tailgating={line.tailgating}
            hasReaders={draft.readers.length > 0}
            onTailgating={(tailgating) => changeLine(index, { tailgating })}
          />
          <RuleHours
            label="Watch for tailgating only at certain hours"
            hint="People are counted all the same."
            schedule={line.tailgating.schedule}
            onSchedule={(schedule) =>
              line.tailgating && changeLine(index, { tailgating: { ...line.tailgating, schedule } })
            }
          />
        </>
      )}
      <RuleHours
        label="Line only at certain hours"
        hint="Outside them nobody is counted."
        schedule={line.schedule}
        onSchedule={(schedule) => changeLine(index, { schedule })}
      />
    </div>
  );
}

type Tailgating = NonNullable<Line['tailgating']>;

function TailgatingSentence({
  line,
  tailgating,
  hasReaders,
  onTailgating,
}: {
  line: Line;
  tailgating: Tailgating;
  hasReaders: boolean;
  onTailgating: (tailgating: Tailgating) => void;
}) {
  return (
    <div className={styles.sentence}>
      <span>
        Alert when a person crosses <strong>{line.name || 'this line'}</strong>
      </span>
      <Select
        label="Direction watched for tailgating"
        hideLabel
        className={styles.inlineSelect}
        value={tailgating.direction}
        options={DIRECTIONS}
        onValue={(value) => {
          const direction = DIRECTIONS.find((one) => one.value === value)?.value ?? 'both';
          onTailgating({ ...tailgating, direction });
        }}
      />
      <span>{hasReaders ? 'without an unlock within' : 'within'}</span>
      <NumberField
        label="Tailgating window in seconds"
        hideLabel
        className={styles.inlineNumber}
        value={tailgating.windowSeconds}
        min={0.5}
        max={600}
        step={0.5}
        unit="s"
        onValue={(windowSeconds) => onTailgating({ ...tailgating, windowSeconds })}
      />
      {hasReaders ? (
        <>
          <span>before. Each unlock lets in</span>
          <NumberField
            label="People per unlock"
            hideLabel
            className={styles.inlineNumber}
            value={tailgating.peoplePerUnlock}
            min={1}
            max={100}
            unit={tailgating.peoplePerUnlock === 1 ? 'person' : 'people'}
            onValue={(value) => onTailgating({ ...tailgating, peoplePerUnlock: Math.round(value) })}
          />
        </>
      ) : (
        <span>
          after another person in the same direction. Assign a reader below to compare with unlocks instead.
        </span>
      )}
    </div>
  );
}
