/** Finding further cameras in the network, and adding them. */
import { t } from '@lingui/core/macro';
import { navigate } from '../../client/router.tsx';
import { Page } from '../../ui/Page.tsx';
import { FindCameras } from './find/FindCameras.tsx';

export function FindCamerasPage() {
  return (
    <Page title={t`Find cameras`} width="read" parent={{ to: '/cameras', label: t`Cameras` }}>
      <FindCameras onAdded={() => navigate('/cameras')} />
    </Page>
  );
}
