/** One line: its name, which way is 'in', and the tailgating rule in a sentence. */
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ArrowLeftRight } from 'lucide-react';
import type { CameraView } from '../../../shared/contract-cameras.ts';
import type { Line } from '../../../shared/domain-camera.ts';
import { aspectOf } from '../../client/camera-words.ts';
import { Button } from '../../ui/Button.tsx';
import { Select, Switch, TextField } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { useDraft } from './draft-store.ts';
import { swapDirection } from './editor-actions.ts';
import { ObjectsChoice } from './ObjectsChoice.tsx';
import styles from './Panels.module.css';
import { RuleHours } from './RuleHours.tsx';
import { wordsOfForward } from './shape-geometry.ts';

const DIRECTIONS = [
  { value: 'both', label: t`either way` },
  { value: 'forward', label: t`inwards` },
  { value: 'backward', label: t`outwards` },
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
        label={t`Name`}
        value={line.name}
        error={problems[`lines.${index}.name`]}
        onChange={(event) => changeLine(index, { name: event.target.value })}
      />
      <div className={styles.direction}>
        <p>
          <Trans>
            Moving <strong>{wordsOfForward(a, b, aspectOf(camera.status))}</strong> across it counts as{' '}
            <strong>in</strong>, the other way as <strong>out</strong>.
          </Trans>
        </p>
        <Button icon={ArrowLeftRight} onClick={() => swapDirection(index)}>
          <Trans>Swap in and out</Trans>
        </Button>
      </div>
      <Switch
        label={t`Alert on tailgating`}
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
            label={t`Watch for tailgating only at certain hours`}
            hint={t`People are counted all the same.`}
            schedule={line.tailgating.schedule}
            onSchedule={(schedule) =>
              line.tailgating && changeLine(index, { tailgating: { ...line.tailgating, schedule } })
            }
          />
        </>
      )}
      <ObjectsChoice
        legend={t`Counts`}
        objects={line.objects}
        onObjects={(objects) => changeLine(index, { objects })}
      />
      <RuleHours
        label={t`Line only at certain hours`}
        hint={t`Outside them nobody is counted.`}
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
        <Trans>
          Alert when a person crosses <strong>{line.name || t`this line`}</strong>
        </Trans>
      </span>
      <Select
        label={t`Direction watched for tailgating`}
        hideLabel
        className={styles.inlineSelect}
        value={tailgating.direction}
        options={DIRECTIONS}
        onValue={(value) => {
          const direction = DIRECTIONS.find((one) => one.value === value)?.value ?? 'both';
          onTailgating({ ...tailgating, direction });
        }}
      />
      <span>{hasReaders ? t`without an unlock within` : t`within`}</span>
      <NumberField
        label={t`Tailgating window in seconds`}
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
          <span>
            <Trans>before. Each unlock lets in</Trans>
          </span>
          <NumberField
            label={t`People per unlock`}
            hideLabel
            className={styles.inlineNumber}
            value={tailgating.peoplePerUnlock}
            min={1}
            max={100}
            unit={plural(tailgating.peoplePerUnlock, { one: 'person', other: 'people' })}
            onValue={(value) => onTailgating({ ...tailgating, peoplePerUnlock: Math.round(value) })}
          />
        </>
      ) : (
        <span>
          <Trans>
            after another person in the same direction. Assign a reader below to compare with unlocks instead.
          </Trans>
        </span>
      )}
    </div>
  );
}
